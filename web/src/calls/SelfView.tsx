import { createEffect, onCleanup } from 'solid-js'

/** One's own camera, as in a mirror. */
export function SelfView(props: { track: MediaStreamTrack }) {
  let video: HTMLVideoElement | undefined
  createEffect(() => {
    if (!video) return
    video.muted = true
    video.srcObject = new MediaStream([props.track])
  })
  onCleanup(() => {
    if (video) video.srcObject = null
  })
  return (
    <video
      ref={video}
      class="tile__video tile__video--mirrored"
      data-source="preview"
      autoplay
      playsinline
      muted
    />
  )
}
