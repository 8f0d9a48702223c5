import type { Noise } from './settings.ts'

/** Sample rate of the model, in Hz. */
const sampleRate = 48_000

/**
 * The microphone's track as it is to be sent: for `strong` with the noise taken
 * out by RNNoise. Stopping the track that is returned stops the microphone, and
 * it ends when the microphone ends. Where the browser can't run the model, its
 * own suppression does the work.
 */
export async function quiet(microphone: MediaStreamTrack, noise: Noise): Promise<MediaStreamTrack> {
  if (noise !== 'strong') return microphone
  try {
    return await suppress(microphone)
  } catch {
    await microphone.applyConstraints({ noiseSuppression: true }).catch(() => {})
    return microphone
  }
}

async function suppress(microphone: MediaStreamTrack): Promise<MediaStreamTrack> {
  const { RnnoiseWorkletNode, worklet, wasmBinary } = await loadModel()
  const context = new AudioContext({ sampleRate, latencyHint: 'interactive' })
  try {
    await context.audioWorklet.addModule(worklet)
    await context.resume()
  } catch (error) {
    void context.close()
    throw error
  }
  const model = new RnnoiseWorkletNode(context, { maxChannels: 1, wasmBinary })
  const out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 })
  context
    .createMediaStreamSource(new MediaStream([microphone]))
    .connect(model)
    .connect(out)
  const [cleaned] = out.stream.getAudioTracks()
  if (!cleaned) throw new Error('an audio destination has a track')

  const close = () => {
    model.destroy()
    if (context.state !== 'closed') void context.close()
  }
  const stop = cleaned.stop.bind(cleaned)
  cleaned.stop = () => {
    microphone.stop()
    stop()
    close()
  }
  microphone.addEventListener('ended', () => {
    close()
    cleaned.dispatchEvent(new Event('ended'))
  })
  return cleaned
}

/** The model and its worklet, fetched when first needed. */
async function loadModel() {
  const [{ RnnoiseWorkletNode, loadRnnoise }, worklet, wasm, simd] = await Promise.all([
    import('@sapphi-red/web-noise-suppressor'),
    import('@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url'),
    import('@sapphi-red/web-noise-suppressor/rnnoise.wasm?url'),
    import('@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url'),
  ])
  const wasmBinary = await loadRnnoise({ url: wasm.default, simdUrl: simd.default })
  return { RnnoiseWorkletNode, worklet: worklet.default, wasmBinary }
}
