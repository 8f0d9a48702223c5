import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js'

const periodMs = 60
/** Quieter than this counts as silence, in dBFS. */
const silence = -60

/** How loud samples (−1 to 1) are, on a scale from 0 (silence) to 1. */
export function loudness(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  const level = 10 * Math.log10(sum / samples.length)
  return Math.min(1, Math.max(0, 1 - level / silence))
}

/** How loud a track is now, 0 to 1; 0 without one. */
export function createLevel(track: Accessor<MediaStreamTrack | null | undefined>) {
  const [level, setLevel] = createSignal(0)
  createEffect(() => {
    const heard = track()
    setLevel(0)
    if (!heard) return
    const context = new AudioContext()
    const analyser = new AnalyserNode(context, { fftSize: 1024 })
    const samples = new Float32Array(analyser.fftSize)
    context.createMediaStreamSource(new MediaStream([heard])).connect(analyser)
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples)
      setLevel(loudness(samples))
    }, periodMs)
    onCleanup(() => {
      clearInterval(timer)
      void context.close()
    })
  })
  return level
}
