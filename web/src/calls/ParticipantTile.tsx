import './ParticipantTile.css'
import Hand from 'lucide-solid/icons/hand'
import MicOff from 'lucide-solid/icons/mic-off'
import MonitorUp from 'lucide-solid/icons/monitor-up'
import VideoOff from 'lucide-solid/icons/video-off'
import { type JSX, Match, Show, Switch } from 'solid-js'
import { userFace } from '../chats/face.ts'
import { useI18n } from '../i18n/i18n.tsx'
import type { Dictionary } from '../i18n/ru.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { TrackVideo } from './TrackVideo.tsx'
import type { Tile } from './tiles.ts'

/** What a tile is called. */
export function tileName(t: Dictionary, { source, own, name }: Tile): string {
  if (source === 'screen') return own ? t.calls.ownScreen : t.calls.screenOf(name)
  return own ? t.calls.you : name
}

/** All that a tile shows, in words. */
function tileText(t: Dictionary, tile: Tile): string {
  const marks = [tileName(t, tile)]
  if (tile.ringing) return [...marks, t.header.ringing].join(', ')
  if (tile.offered) return [...marks, t.calls.notWatched].join(', ')
  if (tile.handRaisedAt) marks.push(t.calls.handIsUp)
  if (tile.muted) marks.push(t.calls.muted)
  if (!tile.video) marks.push(t.calls.cameraIsOff)
  if (tile.speaking) marks.push(t.calls.speaking)
  return marks.join(', ')
}

/** Somebody in the call: their picture, or their face while there is none. */
export function ParticipantTile(props: {
  tile: Tile
  /** The one that is shown large. */
  main?: boolean
  width: number
  height: number
  /** What stands on the tile besides its picture. */
  actions?: JSX.Element
}) {
  const { t } = useI18n()
  const isScreen = () => props.tile.source === 'screen'
  return (
    <li
      class="tile"
      classList={{
        'tile--speaking': props.tile.speaking,
        'tile--small': props.width < 200,
        'tile--main': props.main,
      }}
      data-user-id={props.tile.userId}
      style={{
        width: `${props.width}px`,
        height: `${props.height}px`,
        '--tile-width': `${props.width}px`,
      }}
      aria-label={tileText(t(), props.tile)}
    >
      <Switch fallback={<Face tile={props.tile} height={props.height} />}>
        <Match when={props.tile.offered}>
          <span class="tile__face" />
        </Match>
        <Match keyed when={props.tile.video}>
          {(track) => (
            <TrackVideo
              track={track}
              userId={props.tile.userId}
              source={props.tile.source}
              mirrored={props.tile.own && !isScreen()}
            />
          )}
        </Match>
      </Switch>
      <Show when={props.tile.handRaisedAt}>
        <span class="tile__hand" aria-hidden="true">
          <Hand />
        </span>
      </Show>
      <span class="tile__plate" aria-hidden="true">
        <Show when={isScreen()}>
          <MonitorUp />
        </Show>
        <Show when={props.tile.muted}>
          <MicOff class="tile__off" />
        </Show>
        <Show when={!isScreen() && !props.tile.video && !props.tile.ringing}>
          <VideoOff class="tile__off" />
        </Show>
        <span class="tile__name">{tileName(t(), props.tile)}</span>
      </span>
      {props.actions}
    </li>
  )
}

/** The size of a face in a tile of this height, in pixels. */
function faceSize(height: number) {
  if (height < 100) return 's'
  if (height < 150) return 'm'
  return height < 260 ? 'l' : 'xl'
}

function Face(props: { tile: Tile; height: number }) {
  const face = () => {
    const { userId: id, name: displayName, avatarId } = props.tile
    return userFace({ id, displayName, avatarId })
  }
  return (
    <span class="tile__face">
      <span classList={{ ringing: props.tile.ringing }}>
        <Avatar {...face()} size={faceSize(props.height)} />
      </span>
    </span>
  )
}
