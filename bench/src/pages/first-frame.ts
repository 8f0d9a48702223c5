/** Milliseconds from now until the first frame of a track that `open` brings has been decoded and shown. */
export async function timeFirstFrame(
  open: (show: (track: MediaStreamTrack) => void) => Promise<void>,
) {
  const video = document.createElement('video')
  video.muted = true
  video.autoplay = true
  document.body.append(video)
  const begin = performance.now()
  const shown = new Promise<number>((resolve) => {
    video.requestVideoFrameCallback(() => resolve(performance.now() - begin))
  })
  await open((track) => {
    video.srcObject = new MediaStream([track])
  })
  const took = await shown
  video.srcObject = null
  video.remove()
  return took
}

/** The fake camera, 16:9. */
export async function openCamera(height: number): Promise<MediaStreamTrack> {
  const video = { width: (height * 16) / 9, height }
  const stream = await navigator.mediaDevices.getUserMedia({ video })
  const [track] = stream.getVideoTracks()
  if (!track) throw new Error('no camera')
  return track
}
