import type { Page } from 'playwright-core'

/** Have "share screen" in a page give a moving picture of one colour, with a tone; nobody has to pick. */
export async function fakeScreen(page: Page, colour: string): Promise<void> {
  await page.evaluate((colour) => {
    navigator.mediaDevices.getDisplayMedia = async () => {
      const canvas = document.createElement('canvas')
      canvas.width = 640
      canvas.height = 360
      const pen = canvas.getContext('2d')
      let turn = 0
      const paint = () => {
        if (!pen) return
        pen.fillStyle = colour
        pen.fillRect(0, 0, canvas.width, canvas.height)
        pen.fillStyle = 'white'
        pen.fillRect((turn++ * 16) % canvas.width, 150, 60, 60)
      }
      paint()
      const timer = setInterval(paint, 100)
      const stream = canvas.captureStream(10)
      const sound = new AudioContext()
      const out = new MediaStreamAudioDestinationNode(sound)
      const tone = new OscillatorNode(sound, { frequency: 330 })
      tone.connect(out)
      tone.start()
      for (const track of out.stream.getAudioTracks()) stream.addTrack(track)
      stream.getVideoTracks()[0]?.addEventListener('ended', () => clearInterval(timer))
      return stream
    }
  }, colour)
}

/** How many frames of somebody's screen were shown while it was watched for `ms`, and their colour. */
export function watchScreen(
  page: Page,
  userId: string,
  ms = 1_500,
): Promise<{ frames: number; colour: [number, number, number] }> {
  return page.evaluate(
    async ({ userId, ms }) => {
      const find = () =>
        document.querySelector<HTMLVideoElement>(
          `video[data-user-id="${userId}"][data-source="screen"]`,
        )
      const shown = () => find()?.getVideoPlaybackQuality().totalVideoFrames ?? 0
      const before = shown()
      await new Promise((done) => setTimeout(done, ms))
      const video = find()
      const pen = new OffscreenCanvas(1, 1).getContext('2d')
      if (video) pen?.drawImage(video, 0, 0, 16, 16, 0, 0, 1, 1)
      const [red = 0, green = 0, blue = 0] = pen?.getImageData(0, 0, 1, 1).data ?? []
      return { frames: shown() - before, colour: [red, green, blue] as [number, number, number] }
    },
    { userId, ms },
  )
}
