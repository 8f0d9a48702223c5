/** What one participant hears of another; times in ms of `performance.now()`. */
export class Ear {
  #track: MediaStreamTrack | undefined
  #onTrack = 0
  #lastAt: number | undefined
  #longestGapMs = 0

  /** The track that packets come on; another one after a rejoin. */
  get track(): MediaStreamTrack | undefined {
    return this.#track
  }

  /** Whether something was heard on the track of now. */
  get hears(): boolean {
    return this.#onTrack > 0
  }

  turnTo(track: MediaStreamTrack): void {
    this.#track = track
    this.#onTrack = 0
  }

  hear(track: MediaStreamTrack, now: number): void {
    if (track !== this.#track) return
    this.#onTrack += 1
    this.#longestGapMs = this.longestGap(now)
    this.#lastAt = now
  }

  /** Count silences from now on. */
  forget(now: number): void {
    this.#longestGapMs = 0
    this.#lastAt = now
  }

  /** The longest silence so far, the one that lasts included. */
  longestGap(now: number): number {
    return Math.max(this.#longestGapMs, now - (this.#lastAt ?? now))
  }
}
