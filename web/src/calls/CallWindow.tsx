import './CallWindow.css'
import { can } from '@beseda/protocol/permissions'
import PhoneOff from 'lucide-solid/icons/phone-off'
import { createMemo, Match, onCleanup, Show, Switch } from 'solid-js'
import { chatFace, chatName } from '../chats/face.ts'
import { useI18n } from '../i18n/i18n.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { CallChat } from './CallChat.tsx'
import { CallControls, type CallDeeds, mayPublish } from './CallControls.tsx'
import { CallHeader } from './CallHeader.tsx'
import { CallPeople } from './CallPeople.tsx'
import { useCall } from './call-context.tsx'
import { createCallStatus, isCalling } from './call-status.ts'
import { useCalls } from './context.tsx'
import { DeviceNotice } from './DeviceNotice.tsx'
import { createDrag } from './drag.ts'
import { ParticipantGrid } from './ParticipantGrid.tsx'
import { arrange } from './stage.ts'
import { TileActions } from './TileActions.tsx'
import { ringingTile, toTiles } from './tiles.ts'

/** The call that one is in: a window that floats over the chats. */
export default function CallWindow(props: { deeds: CallDeeds; onFloat: () => void }) {
  const { t } = useI18n()
  const calls = useCalls()
  const { state, chat, self, view, moderation } = useCall()
  const status = createCallStatus(state)
  const { fullscreen } = view
  onCleanup(() => fullscreen.full() && fullscreen.toggle())
  let frame: HTMLElement | undefined
  const drag = createDrag(() => (fullscreen.full() ? undefined : frame))
  const stage = createMemo(() => {
    const there = toTiles(state(), self(), view.watched())
    const open = chat()
    const tiles =
      open && isCalling(state())
        ? [ringingTile(chatFace(open), (open.peer ?? open).avatarId), ...there]
        : there
    return arrange(tiles, {
      layout: view.layout(),
      pinned: view.pinned(),
      speakerId: view.speakerId(),
    })
  })
  const name = createMemo(() => {
    const open = chat()
    return open ? chatName(open) : ''
  })
  const ended = () => state().phase.status === 'ended'
  const mayEndForAll = () => {
    const open = chat()
    const startedByActor = state().call.initiatorId === self().id
    return open?.type === 'group' && can(open.self, open, { do: 'endCall', startedByActor })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Panels and dialogs that stand elsewhere in the document have their own Escape.
    const inside = event.target instanceof Node && frame?.contains(event.target)
    if (event.key !== 'Escape' || event.defaultPrevented || !inside) return
    if (view.panel()) view.closePanel()
    else if (fullscreen.full()) fullscreen.toggle()
    else calls.setMinimised(true)
  }

  return (
    <section
      class="call-window"
      classList={{ 'call-window--full': fullscreen.full() }}
      ref={frame}
      role="dialog"
      aria-label={t().calls.window(name())}
      style={{
        translate: fullscreen.full() ? 'none' : `${drag.offset().x}px ${drag.offset().y}px`,
      }}
      onKeyDown={onKeyDown}
    >
      <CallHeader
        name={name()}
        full={fullscreen.full()}
        onFullscreen={fullscreen.toggle}
        onFloat={props.onFloat}
        onDrag={drag.start}
      />
      <Show
        when={!ended()}
        fallback={
          <div class="call-window__end" role="status">
            <PhoneOff aria-hidden="true" />
            <strong>{status.text()}</strong>
            <span>{status.duration()}</span>
          </div>
        }
      >
        <DeviceNotice />
        <div class="call-window__body">
          <div class="call-window__stage">
            <ParticipantGrid
              stage={stage()}
              page={view.page()}
              onPage={view.setPage}
              actions={(tile) => <TileActions tile={tile()} />}
            />
            <Show when={!mayPublish(state(), 'microphone')}>
              <p class="call-window__hint" role="status">
                {state().self.handRaisedAt ? t().calls.handWaits : t().calls.listening}
              </p>
            </Show>
          </div>
          <Switch>
            <Match when={view.panel() === 'people'}>
              <CallPeople />
            </Match>
            <Match when={view.panel() === 'chat'}>
              <CallChat />
            </Match>
          </Switch>
        </div>
        <CallControls deeds={props.deeds} mayEndForAll={mayEndForAll()} />
      </Show>
      <Show keyed when={moderation.removing()}>
        {(peer) => (
          <Confirm
            danger
            title={t().calls.removeTitle}
            text={t().calls.removeText(peer.displayName)}
            action={t().calls.removeOne}
            onConfirm={() => moderation.remove(peer.userId)}
            onClose={() => moderation.askRemove(null)}
          />
        )}
      </Show>
    </section>
  )
}
