import './TileActions.css'
import EllipsisVertical from 'lucide-solid/icons/ellipsis-vertical'
import Eye from 'lucide-solid/icons/eye'
import EyeOff from 'lucide-solid/icons/eye-off'
import Hand from 'lucide-solid/icons/hand'
import Mic from 'lucide-solid/icons/mic'
import MicOff from 'lucide-solid/icons/mic-off'
import Pin from 'lucide-solid/icons/pin'
import PinOff from 'lucide-solid/icons/pin-off'
import UserX from 'lucide-solid/icons/user-x'
import { For, type JSX, Show } from 'solid-js'
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
          <For each={deedsOf(call, t(), props.tile)}>
            {(deed) => (
              <button
                type="button"
                class="menu__item"
                classList={{ 'menu__item--danger': deed.danger }}
                onClick={() => {
                  close()
                  deed.run()
                }}
              >
                {deed.icon}
                <span>{deed.label}</span>
              </button>
            )}
          </For>
        </>
      )}
    </Popover>
  )
}

type Deed = { label: string; icon: JSX.Element; danger?: boolean; run: () => void }

function deedsOf(
  { view, state, moderation }: ReturnType<typeof useCall>,
  t: ReturnType<ReturnType<typeof useI18n>['t']>,
  tile: Tile,
): Deed[] {
  const { key, userId, own, source, offered } = tile
  const words = t.calls
  const peer = state().peers.find((one) => one.userId === userId)
  const pinned = view.pinned() === key
  const deeds: (Deed | false | undefined)[] = [
    {
      label: pinned ? words.unpin : words.pin,
      icon: pinned ? <PinOff aria-hidden="true" /> : <Pin aria-hidden="true" />,
      run: () => view.togglePinned(key),
    },
    source === 'screen' &&
      !own && {
        label: offered ? words.watch : words.stopWatching,
        icon: offered ? <Eye aria-hidden="true" /> : <EyeOff aria-hidden="true" />,
        run: () => view.watch(userId, offered),
      },
  ]
  if (peer && source === 'camera') {
    const speaks = peer.publish.includes('microphone')
    deeds.push(
      moderation.may('mutePeer', userId) &&
        !tile.muted && {
          label: words.muteOne,
          icon: <MicOff aria-hidden="true" />,
          run: () => void moderation.mute(userId),
        },
      moderation.may('allowToSpeak', userId) &&
        (!speaks || peer.handRaisedAt !== null) && {
          label: words.letSpeak,
          icon: speaks ? <Hand aria-hidden="true" /> : <Mic aria-hidden="true" />,
          run: () => void moderation.letSpeak(userId, true),
        },
      moderation.may('allowToSpeak', userId) &&
        speaks &&
        moderation.restricted() && {
          label: words.letSpeakNoMore,
          icon: <MicOff aria-hidden="true" />,
          run: () => void moderation.letSpeak(userId, false),
        },
      moderation.may('removePeer', userId) && {
        label: words.removeOne,
        icon: <UserX aria-hidden="true" />,
        danger: true,
        run: () => moderation.askRemove(peer),
      },
    )
  }
  return deeds.filter((deed) => deed !== false && deed !== undefined)
}
