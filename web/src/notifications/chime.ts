/** Two soft notes: pitch in Hz, start in seconds. */
const notes = [
  [880, 0],
  [1175, 0.09],
] as const

const length = 0.22
const volume = 0.05

let audio: AudioContext | undefined

/** Sound that a message came. A page that nobody has touched yet may not sound: then it stays silent. */
export function chime(): void {
  if (!navigator.userActivation?.hasBeenActive) return
  audio ??= new AudioContext()
  void audio.resume()
  for (const [hertz, start] of notes) {
    const from = audio.currentTime + start
    const tone = new OscillatorNode(audio, { type: 'sine', frequency: hertz })
    const gain = new GainNode(audio, { gain: 0 })
    gain.gain.setValueAtTime(0, from)
    gain.gain.linearRampToValueAtTime(volume, from + 0.01)
    gain.gain.exponentialRampToValueAtTime(0.0001, from + length)
    tone.connect(gain).connect(audio.destination)
    tone.start(from)
    tone.stop(from + length)
  }
}
