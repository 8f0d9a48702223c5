import './TileActions.css'
import EllipsisVertical from 'lucide-solid/icons/ellipsis-vertical'
import Eye from 'lucide-solid/icons/eye'
import EyeOff from 'lucide-solid/icons/eye-off'
import Mic from 'lucide-solid/icons/mic'
import MicOff from 'lucide-solid/icons/mic-off'
import Pin from 'lucide-solid/icons/pin'
import PinOff from 'lucide-solid/icons/pin-off'
import UserX from 'lucide-solid/icons/user-x'
import { For, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Button } from '../ui/Button.tsx'
import { Popover } from '../ui/Popover.tsx'
import { ConnectionBars } from './ConnectionBars.tsx'
import { useCall } from './call-context.tsx'
import { tileName } from './ParticipantTile.tsx'
import type { Tile } from './tiles.ts'
import { VolumeSlider } from './VolumeSlider.tsx'

/** What stands on a tile: watch a screen that is offered, how the connection is, a menu for the rest. */
export function TileActions(props: { tile: Tile }) {
  const { t } = useI18n()
  const { view, quality } = useCall()
  return (
    <Show when={!props.tile.ringing}>
      <Show when={props.tile.offered}>
        <span class="tile__watch">
          <Button
            look="primary"
            icon={<Eye aria-hidden="true" />}
            onClick={() => view.watch(props.tile.userId, true)}
          >
            {t().calls.watch}
          </Button>
        </span>
      </Show>
      <Show when={!props.tile.own && props.tile.source === 'camera'}>
        <span class="tile__bars">
          <ConnectionBars verdict={quality.of(props.tile.userId)} />
        </span>
      </Show>
      <span class="tile__menu">
        <PersonMenu tile={props.tile} />
      </span>
    </Show>
  )
}

/** What can be done about somebody in the call. */
export function PersonMenu(props: { tile: Tile }) {
  const { t } = useI18n()
  const call = useCall()
  return (
    <Popover
      label={t().calls.actions(tileName(t(), props.tile))}
      icon={<EllipsisVertical aria-hidden="true" />}
    >
      {(close) => (
        <>
          <Show when={!props.tile.own}>
            <VolumeSlider userId={props.tile.userId} name={props.tile.name} />
          </Show>
          {/* By name: what is said of a call changes all the time, a button that is pressed stays. */}
          <For each={deedsFor(call, props.tile)}>
            {(deed) => {
              const Icon = icons[deed]
              return (
                <button
                  type="button"
                  class="menu__item"
                  classList={{ 'menu__item--danger': deed === 'removeOne' }}
                  onClick={() => {
                    close()
                    perform(call, props.tile, deed)
                  }}
                >
                  <Icon aria-hidden="true" />
                  <span>{t().calls[deed]}</span>
                </button>
              )
            }}
          </For>
        </>
      )}
    </Popover>
  )
}

const icons = {
  pin: Pin,
  unpin: PinOff,
  watch: Eye,
  stopWatching: EyeOff,
  muteOne: MicOff,
  letSpeak: Mic,
  letSpeakNoMore: MicOff,
  removeOne: UserX,
}
type Deed = keyof typeof icons
type Call = ReturnType<typeof useCall>

/** What may be done about whoever a tile shows, in the order of the menu. */
function deedsFor({ view, state, moderation }: Call, tile: Tile): Deed[] {
  const { key, userId, own, source, offered, muted } = tile
  const deeds: (Deed | false)[] = [view.pinned() === key ? 'unpin' : 'pin']
  if (source === 'screen' && !own) deeds.push(offered ? 'watch' : 'stopWatching')
  const peer = state().peers.find((one) => one.userId === userId)
  if (peer && source === 'camera') {
    const speaks = peer.publish.includes('microphone')
    const mayLet = moderation.may('allowToSpeak', userId)
    deeds.push(
      moderation.may('mutePeer', userId) && !muted && 'muteOne',
      mayLet && (!speaks || peer.handRaisedAt !== null) && 'letSpeak',
      mayLet && speaks && moderation.restricted() && 'letSpeakNoMore',
      moderation.may('removePeer', userId) && 'removeOne',
    )
  }
  return deeds.filter((deed) => deed !== false)
}

function perform({ view, state, moderation }: Call, { key, userId }: Tile, deed: Deed): void {
  const acts: Record<Deed, () => void> = {
    pin: () => view.togglePinned(key),
    unpin: () => view.togglePinned(key),
    watch: () => view.watch(userId, true),
    stopWatching: () => view.watch(userId, false),
    muteOne: () => moderation.mute(userId),
    letSpeak: () => moderation.letSpeak(userId, true),
    letSpeakNoMore: () => moderation.letSpeak(userId, false),
    removeOne() {
      const peer = state().peers.find((one) => one.userId === userId)
      if (peer) moderation.askRemove(peer)
    },
  }
  acts[deed]()
}
