import type { SignallingErrorCode } from '@beseda/protocol/signalling'

/** A request that is answered with `ok: false`; the message is for developers. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: SignallingErrorCode

  constructor(code: SignallingErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
