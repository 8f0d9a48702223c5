import { type CallClaims, callTokenSeconds } from '@beseda/protocol/call-token'
import type { Source } from '@beseda/protocol/media'
import { Refusal } from '../refusal.ts'

/** What the server decided of a user in a call: what they may publish, or that they are out. */
type Verdict = readonly Source[] | 'removed'
/** `at`: when it was decided, by the servers' clock; `notedAt`: when it came here, by this one (ms). */
type Decision = { verdict: Verdict; at: number; notedAt: number }

/**
 * The newest decisions of the server, kept for as long as a token from before
 * them may still be shown.
 */
export class Decisions {
  readonly #byUser = new Map<string, Decision>()

  note(callId: string, userId: string, verdict: Verdict, at: number): void {
    const notedAt = Date.now()
    for (const [key, decision] of this.#byUser) {
      if (notedAt - decision.notedAt <= callTokenSeconds * 1000) break
      this.#byUser.delete(key)
    }
    const key = keyOf(callId, userId)
    // The map stays in the order of time.
    this.#byUser.delete(key)
    this.#byUser.set(key, { verdict, at, notedAt })
  }

  /**
   * The sources that the user may publish, as far as is known now.
   *
   * @throws Refusal FORBIDDEN when they were removed after the token was signed
   */
  publishOf({ callId, sub, publish, iat }: CallClaims): readonly Source[] {
    const decision = this.#byUser.get(keyOf(callId, sub))
    if (decision === undefined || iat * 1000 > decision.at) return publish
    if (decision.verdict === 'removed') throw new Refusal('FORBIDDEN', 'no longer a member')
    return decision.verdict
  }
}

const keyOf = (callId: string, userId: string) => `${callId} ${userId}`
