import type { Source } from '@beseda/protocol/media'
import { createEffect, onCleanup, onMount } from 'solid-js'
import { usePictures } from './pictures.ts'
import { reportSeenSize } from './seen-size.ts'

/** A picture track on the page; says how large it is seen, and lets go of the track when it goes. */
export function TrackVideo(props: {
  track: MediaStreamTrack
  userId: string
  source: Source
  mirrored?: boolean | undefined
}) {
  const pictures = usePictures()
  let video: HTMLVideoElement | undefined
  onMount(() => {
    if (video) onCleanup(reportSeenSize(video, pictures.add(props.userId, props.source)))
  })
  createEffect(() => {
    if (!video) return
    // The attribute alone does not mute an element that a script has made.
    video.muted = true
    video.srcObject = new MediaStream([props.track])
  })
  onCleanup(() => {
    if (video) video.srcObject = null
  })
  return (
    <video
      ref={video}
      class="tile__video"
      classList={{
        'tile__video--mirrored': props.mirrored,
        'tile__video--whole': props.source === 'screen',
      }}
      data-user-id={props.userId}
      data-source={props.source}
      autoplay
      playsinline
      muted
    />
  )
}
