import './RemoteAudio.css'
import type { RemotePeer, RemoteTrack } from '@beseda/client/calls/state'
import type { Source } from '@beseda/protocol/media'
import Volume from 'lucide-solid/icons/volume-2'
import { createEffect, createMemo, createSignal, onCleanup, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Button } from '../ui/Button.tsx'
import { Keyed } from '../ui/Keyed.tsx'

type Sound = { userId: string; track: RemoteTrack }

const sounds: readonly Source[] = ['microphone', 'screenAudio']

/** Sounds everybody else's tracks. Where the browser first wants a click, it asks for one. */
export function RemoteAudio(props: {
  peers: RemotePeer[]
  /** Users whose screens are watched: the sound of the others' screens stays out. */
  watched: ReadonlySet<string>
  speakerId: string | null
  /** How loud a user sounds, 0 to 1. */
  volumeOf: (userId: string) => number
  /** Whether nobody is to be heard. */
  silent: boolean
}) {
  const { t } = useI18n()
  const [blocked, setBlocked] = createSignal(false)
  let box: HTMLDivElement | undefined
  const tracks = createMemo<Sound[]>(() =>
    props.peers.flatMap(({ userId, tracks: own }) =>
      sounds.flatMap((source) => {
        const track = own[source]
        const heard = source !== 'screenAudio' || props.watched.has(userId)
        return track && heard ? [{ userId, track }] : []
      }),
    ),
  )
  const playAll = () => {
    setBlocked(false)
    for (const audio of box?.querySelectorAll('audio') ?? []) play(audio)
  }
  const play = (audio: HTMLAudioElement) =>
    void audio.play().catch((error: unknown) => {
      if (error instanceof Error && error.name === 'NotAllowedError') setBlocked(true)
    })
  return (
    <>
      <div ref={box} hidden>
        <Keyed each={tracks()} by={(sound) => sound.track.consumerId}>
          {(sound) => (
            <TrackAudio
              track={sound().track.track}
              userId={sound().userId}
              source={sound().track.source}
              speakerId={props.speakerId}
              volume={props.volumeOf(sound().userId)}
              muted={props.silent}
              play={play}
            />
          )}
        </Keyed>
      </div>
      <Show when={blocked()}>
        <div class="sound-blocked">
          <Button look="primary" icon={<Volume aria-hidden="true" />} onClick={playAll}>
            {t().calls.enableSound}
          </Button>
        </div>
      </Show>
    </>
  )
}

function TrackAudio(props: {
  track: MediaStreamTrack
  userId: string
  source: Source
  speakerId: string | null
  volume: number
  muted: boolean
  play: (audio: HTMLAudioElement) => void
}) {
  let audio: HTMLAudioElement | undefined
  createEffect(() => {
    if (!audio) return
    audio.srcObject = new MediaStream([props.track])
    props.play(audio)
  })
  createEffect(() => {
    if (!audio) return
    audio.volume = props.volume
    audio.muted = props.muted
  })
  createEffect(() => {
    // A speaker that is not there (any more): the system's own goes on sounding.
    if (audio && 'setSinkId' in audio) audio.setSinkId(props.speakerId ?? '').catch(() => {})
  })
  onCleanup(() => {
    if (audio) audio.srcObject = null
  })
  return (
    // biome-ignore lint/a11y/useMediaCaption: a live voice has no captions
    <audio ref={audio} autoplay data-user-id={props.userId} data-source={props.source} />
  )
}
