import type { Person } from './people.ts'

/** Runs in the page: whatever Web Audio sends to the loudspeaker can be measured from then on. */
export function recordSounds(): void {
  const taps = new Set<AnalyserNode>()
  const { connect } = AudioNode.prototype
  Object.assign(AudioNode.prototype, {
    connect(this: AudioNode, target: unknown, ...rest: unknown[]) {
      if (target === this.context.destination) {
        const tap = new AnalyserNode(this.context)
        taps.add(tap)
        Reflect.apply(connect, this, [tap])
      }
      return Reflect.apply(connect, this, [target, ...rest])
    },
  })
  Object.assign(globalThis, { soundTaps: taps })
}

/** The loudest sample, 0 to 1, that Web Audio plays within 300 ms; null while nothing is there that could sound. */
export function loudness({ page }: Person): Promise<number | null> {
  return page.evaluate(async () => {
    const { soundTaps } = globalThis as unknown as { soundTaps: Set<AnalyserNode> }
    const samples = new Float32Array(2048)
    let loudest: number | null = null
    for (const end = performance.now() + 300; performance.now() < end; ) {
      for (const tap of soundTaps) {
        if (tap.context.state !== 'running') continue
        tap.getFloatTimeDomainData(samples)
        for (const sample of samples) loudest = Math.max(loudest ?? 0, Math.abs(sample))
      }
      await new Promise((next) => setTimeout(next, 20))
    }
    return loudest
  })
}
