/** Notes of one round (Hz, start and length in seconds), and how long a round is. */
type Melody = { notes: [hertz: number, start: number, length: number][]; period: number }

const melodies = {
  /** Somebody calls. */
  incoming: {
    notes: [
      [523, 0, 0.18],
      [659, 0.2, 0.18],
      [784, 0.4, 0.34],
      [659, 0.9, 0.18],
      [784, 1.1, 0.34],
    ],
    period: 2.6,
  },
  /** One waits to be answered. */
  outgoing: { notes: [[425, 0, 1]], period: 4 },
  /** To hear whether the loudspeaker works. */
  sample: {
    notes: [
      [523, 0, 0.25],
      [784, 0.3, 0.5],
    ],
    period: 1,
  },
} satisfies Record<string, Melody>

const volume = 0.07

function playRound(audio: AudioContext, { notes }: Melody, out: AudioNode = audio.destination) {
  for (const [hertz, start, length] of notes) {
    const from = audio.currentTime + start
    const oscillator = new OscillatorNode(audio, { type: 'sine', frequency: hertz })
    const gain = new GainNode(audio, { gain: 0 })
    gain.gain.setValueAtTime(0, from)
    gain.gain.linearRampToValueAtTime(volume, from + 0.02)
    gain.gain.setValueAtTime(volume, from + length - 0.05)
    gain.gain.linearRampToValueAtTime(0, from + length)
    oscillator.connect(gain).connect(out)
    oscillator.start(from)
    oscillator.stop(from + length)
  }
}

/**
 * Sound a melody over and over; the answer stops it. A page that nobody has
 * touched yet may not sound: it begins with the first touch.
 */
export function startTone(name: keyof typeof melodies): () => void {
  const melody = melodies[name]
  const audio = new AudioContext()
  const round = () => {
    if (audio.state === 'running') playRound(audio, melody)
  }
  const wake = () => void audio.resume().then(round)
  const timer = setInterval(round, melody.period * 1000)
  if (audio.state === 'running') round()
  else addEventListener('pointerdown', wake, { once: true })
  return () => {
    clearInterval(timer)
    removeEventListener('pointerdown', wake)
    void audio.close()
  }
}

/** Sound a few notes from a speaker, by its id; null for the system's own. */
export async function playSample(speakerId: string | null): Promise<void> {
  const audio = new AudioContext()
  const out = new MediaStreamAudioDestinationNode(audio)
  const player = new Audio()
  player.srcObject = out.stream
  // A speaker that is gone: the system's own will do.
  if (speakerId !== null) await player.setSinkId(speakerId).catch(() => {})
  await player.play()
  playRound(audio, melodies.sample, out)
  setTimeout(() => void audio.close(), melodies.sample.period * 1000)
}
