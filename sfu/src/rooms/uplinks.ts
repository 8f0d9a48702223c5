import type { Uplink } from '@beseda/protocol/signalling'

/** What was counted of all that a peer sends, at one moment. */
export type UplinkCounts = {
  /** All bytes so far. */
  bytes: number
  /** Share of packets that have lately not arrived at first, 0 to 1. */
  loss: number
  /** Of each producer that is running, the scores of its streams; 0 is one that rests. */
  scores: number[][]
}

/** Milliseconds between two looks. */
export const lookEveryMs = 2_000
/** Loss and score from which on others are told. */
const worthTelling = { loss: 0.02, score: 7 }
/** Looks in a row without a byte after which a peer that sent before counts as cut off. */
const silentLooks = 2

/** How bad a peer's way to here is; null while it is good, or nothing can be said of it. */
export function judgeUplink(
  { loss, scores }: Pick<UplinkCounts, 'loss' | 'scores'>,
  silences: number,
): Omit<Uplink, 'userId'> | null {
  if (silences >= silentLooks) return { loss: 1, score: 0 }
  // A layer that nobody wants is not sent: a video is as good as the best of its layers.
  const known = scores.map((streams) => Math.max(0, ...streams)).filter((score) => score > 0)
  const score = Math.min(10, ...known)
  return loss >= worthTelling.loss || score <= worthTelling.score ? { loss, score } : null
}

export type UplinkWatchOptions = {
  /** What every peer that should be sending now has sent. */
  look: () => Promise<{ userId: string; counts: UplinkCounts }[]>
  tell: (troubled: Uplink[]) => void
}

/** Watches how what the peers of a call send arrives, and tells whose does badly. */
export class UplinkWatch {
  readonly #options: UplinkWatchOptions
  readonly #timer: NodeJS.Timeout
  /** By user: bytes at the last look, and for how many looks they have been the same. */
  #before = new Map<string, { bytes: number; silences: number }>()
  #told = false
  #looking = false

  constructor(options: UplinkWatchOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.#look(), lookEveryMs)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    // One that takes longer than the time between two makes the next one wait.
    if (this.#looking) return
    this.#looking = true
    const seen = await this.#options.look().finally(() => {
      this.#looking = false
    })
    const now = seen.map(({ userId, counts }) => ({
      userId,
      counts,
      silences: this.#silences(userId, counts),
    }))
    this.#before = new Map(
      now.map(({ userId, counts: { bytes }, silences }) => [userId, { bytes, silences }]),
    )
    const troubled = now.flatMap(({ userId, counts, silences }) => {
      const trouble = judgeUplink(counts, silences)
      return trouble ? [{ userId, ...trouble }] : []
    })
    if (troubled.length > 0 || this.#told) this.#options.tell(troubled)
    this.#told = troubled.length > 0
  }

  /** Who has sent nothing yet may have nothing to send. */
  #silences(userId: string, { bytes }: UplinkCounts): number {
    const before = this.#before.get(userId)
    return before && bytes > 0 && before.bytes === bytes ? before.silences + 1 : 0
  }
}
