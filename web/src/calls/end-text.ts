import type { CallPhase } from '@beseda/client/calls/state'
import type { Dictionary } from '../i18n/ru.ts'

export type Ended = Extract<CallPhase, { status: 'ended' }>

/** Why the call is over: how it ended for all where that is known, else for oneself. */
export function endText(t: Dictionary, { reason, outcome }: Ended): string {
  return t.calls.ended[outcome ?? reason]
}
