/** What a person heard and saw of a call for a while. */
export type Perceived = {
  /** Share of the sound that was made up because it did not arrive; silence that was not sent does not count. */
  concealed: number
  /** Longest time that the picture stood still, in ms. */
  longestFreezeMs: number
  framesPerSecond: number
  /** What came of sound and picture, in bit/s. */
  bitrate: number
}

type Counts = { concealed: number; samples: number; bytes: number }

/** Watch a picture and the statistics of its connection for `ms`. */
export async function perceive(
  track: MediaStreamTrack,
  statistics: () => Promise<RTCStatsReport | null>,
  ms: number,
): Promise<Perceived> {
  const before = count(await statistics())
  const gaps = await watch(track, ms)
  const after = count(await statistics())
  return {
    concealed: (after.concealed - before.concealed) / (after.samples - before.samples),
    longestFreezeMs: Math.max(...gaps),
    framesPerSecond: ((gaps.length - 1) / ms) * 1000,
    bitrate: ((after.bytes - before.bytes) * 8 * 1000) / ms,
  }
}

function count(report: RTCStatsReport | null): Counts {
  const counts = { concealed: 0, samples: 0, bytes: 0 }
  for (const one of report?.values() ?? []) {
    if (one.type !== 'inbound-rtp') continue
    counts.bytes += one.bytesReceived
    if (one.kind !== 'audio') continue
    counts.concealed += one.concealedSamples - one.silentConcealedSamples
    counts.samples += one.totalSamplesReceived - one.silentConcealedSamples
  }
  return counts
}

/** The times between frames, in ms; the last runs to the end. */
async function watch(track: MediaStreamTrack, ms: number): Promise<number[]> {
  const video = document.createElement('video')
  video.muted = true
  video.autoplay = true
  video.srcObject = new MediaStream([track])
  document.body.append(video)
  const begin = performance.now()
  const gaps: number[] = []
  let last = begin
  const step = (now: number) => {
    gaps.push(now - last)
    last = now
    video.requestVideoFrameCallback(step)
  }
  video.requestVideoFrameCallback(step)
  await new Promise((done) => setTimeout(done, ms))
  gaps.push(begin + ms - last)
  video.srcObject = null
  video.remove()
  return gaps
}
