/**
 * What one receiver wants of a simulcast video: the index of its highest layer, or null while it
 * has the video paused. Of a video in one layer that layer is 0.
 */
export type Want = number | null

/** The highest layer that any receiver wants; null when nobody watches. */
export function highestWanted(wants: Iterable<Want>): Want {
  let highest: Want = null
  for (const want of wants) {
    if (want !== null && (highest === null || want > highest)) highest = want
  }
  return highest
}

/**
 * Whether `next` needs more of the sender than `told` does. More is told at once, as somebody waits
 * for it; less may wait, as a page that is turned back soon must not cost a key frame.
 */
export function rises(told: Want, next: Want): boolean {
  return next !== null && (told === null || next > told)
}

/** Milliseconds that less has to be wanted before the sender is told. */
export const fallAfterMs = 300

/** Tells the sender of one video what is wanted of it, as little as possible. */
export class LayerDemand {
  readonly #tell: (want: Want) => void
  #told: Want
  #next: Want
  #timer: NodeJS.Timeout | undefined

  /** A video starts as wanted up to `top`, its highest layer. */
  constructor(top: number, tell: (want: Want) => void) {
    this.#tell = tell
    this.#told = top
    this.#next = top
  }

  /** Whether the sender has been told to send anything. */
  get asks(): boolean {
    return this.#told !== null
  }

  update(wants: Iterable<Want>): void {
    this.#next = highestWanted(wants)
    if (this.#next === this.#told) this.close()
    else if (rises(this.#told, this.#next)) this.#say()
    else this.#timer ??= setTimeout(() => this.#say(), fallAfterMs)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #say(): void {
    this.close()
    this.#told = this.#next
    this.#tell(this.#told)
  }
}
