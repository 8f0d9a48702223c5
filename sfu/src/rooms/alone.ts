export type AloneTimes = {
  /** Milliseconds until the only one in a call is asked whether they stay. */
  aloneAsk: number
  /** And until the call ends, counted from the same moment. */
  aloneEnd: number
}

export type AloneOptions = AloneTimes & {
  /** `endsAt` in ms. */
  ask: (endsAt: number) => void
  end: () => void
}

/** Watches over who is alone in a call: asks, and ends the call of one who does not answer. */
export class AloneWatch {
  readonly #options: AloneOptions
  #timer: NodeJS.Timeout | undefined

  constructor(options: AloneOptions) {
    this.#options = options
  }

  /** How many are in now. */
  update(count: number): void {
    if (count !== 1) this.close()
    else if (this.#timer === undefined) this.#begin()
  }

  /** The one who is alone wants to stay: the time counts anew. */
  stay(): void {
    if (this.#timer === undefined) return
    this.close()
    this.#begin()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #begin(): void {
    const { aloneAsk, aloneEnd, ask, end } = this.#options
    this.#timer = setTimeout(() => {
      const left = aloneEnd - aloneAsk
      this.#timer = setTimeout(end, left)
      ask(Date.now() + left)
    }, aloneAsk)
  }
}
