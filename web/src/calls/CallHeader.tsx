import './CallHeader.css'
import LayoutGrid from 'lucide-solid/icons/layout-grid'
import Maximize from 'lucide-solid/icons/maximize-2'
import MessageSquare from 'lucide-solid/icons/message-square'
import Minimize from 'lucide-solid/icons/minimize-2'
import Minus from 'lucide-solid/icons/minus'
import PictureInPicture from 'lucide-solid/icons/picture-in-picture-2'
import Presentation from 'lucide-solid/icons/presentation'
import Users from 'lucide-solid/icons/users'
import { Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { ConnectionBars } from './ConnectionBars.tsx'
import { useCall } from './call-context.tsx'
import { createCallStatus } from './call-status.ts'
import { useCalls } from './context.tsx'
import { canFloat } from './float.ts'

/** Which call it is, how it goes, and the ways to look at it. */
export function CallHeader(props: {
  name: string
  full: boolean
  onFullscreen: () => void
  onFloat: () => void
  onDrag: (event: PointerEvent) => void
}) {
  const { t } = useI18n()
  const calls = useCalls()
  const { state, view, quality } = useCall()
  const status = createCallStatus(state)
  const ended = () => state().phase.status === 'ended'
  const hands = () => state().peers.filter((peer) => peer.handRaisedAt !== null).length
  return (
    <header class="call-window__header" onPointerDown={props.onDrag}>
      <div class="call-window__title">
        <h2 dir="auto">{props.name}</h2>
        <p class="call-window__status">
          <Show when={!ended()}>
            <ConnectionBars verdict={quality.own()} side="bottom" />
          </Show>
          <Show when={!ended() && status.duration()}>
            <span role="timer" aria-label={t().calls.duration}>
              {status.duration()}
            </span>
          </Show>
          <span role="status">{ended() ? '' : status.text()}</span>
        </p>
      </div>
      <Show when={!ended()}>
        <IconButton
          label={view.layout() === 'grid' ? t().calls.speakerView : t().calls.gridView}
          side="bottom"
          onClick={view.toggleLayout}
        >
          <Show when={view.layout() === 'grid'} fallback={<LayoutGrid aria-hidden="true" />}>
            <Presentation aria-hidden="true" />
          </Show>
        </IconButton>
        <span class="call-header__hands">
          <IconButton
            label={hands() > 0 ? t().calls.peopleHands(hands()) : t().calls.people}
            side="bottom"
            expanded={view.panel() === 'people'}
            onClick={() => view.togglePanel('people')}
          >
            <Users aria-hidden="true" />
          </IconButton>
          <Show when={hands() > 0}>
            <span class="call-header__count" aria-hidden="true">
              {hands()}
            </span>
          </Show>
        </span>
        <IconButton
          label={t().calls.chat}
          side="bottom"
          expanded={view.panel() === 'chat'}
          onClick={() => view.togglePanel('chat')}
        >
          <MessageSquare aria-hidden="true" />
        </IconButton>
        <Show when={canFloat()}>
          <span class="call-window__wide">
            <IconButton label={t().calls.float} side="bottom" onClick={props.onFloat}>
              <PictureInPicture aria-hidden="true" />
            </IconButton>
          </span>
        </Show>
      </Show>
      <IconButton label={t().calls.minimise} side="bottom" onClick={() => calls.setMinimised(true)}>
        <Minus aria-hidden="true" />
      </IconButton>
      <span class="call-window__wide">
        <IconButton
          label={props.full ? t().calls.exitFullscreen : t().calls.fullscreen}
          side="bottom"
          onClick={props.onFullscreen}
        >
          <Show when={props.full} fallback={<Maximize aria-hidden="true" />}>
            <Minimize aria-hidden="true" />
          </Show>
        </IconButton>
      </span>
    </header>
  )
}
