import type { CallEndReason } from '@beseda/protocol/calls'
import type { SfuEvent } from '@beseda/protocol/redis'
import type { Logger } from 'pino'
import { ZodError } from 'zod'
import type { Database } from '../db/database.ts'
import type { CallControl } from './control.ts'
import { recordJoined, recordLeft } from './log.ts'
import { retry } from './retry.ts'
import type { CallState } from './snapshot.ts'
import type { CallStates } from './state.ts'

export type EventDeps = {
  db: Database
  log: Logger
  states: CallStates
  control: CallControl
}

/** Make the handler of what the SFUs saw. Every event may come twice. */
export function makeCallEventHandler({ db, log, states, control }: EventDeps) {
  async function record(event: SfuEvent) {
    const call = await states.read(event.callId)
    switch (event.type) {
      case 'joined': {
        if (call) await control.logStart(call.state)
        await recordJoined(db, event.callId, event.userId, event.at)
        const rings = call?.state.status === 'ringing'
        if (rings && call.state.initiatorId !== event.userId) await control.answer(call.state)
        return
      }
      case 'left': {
        // Another server may be writing at this moment that they came.
        if (call) await control.logStart(call.state)
        const { callId, userId, joinedAt, reason, at } = event
        return recordLeft(db, callId, userId, joinedAt, reason, at)
      }
      case 'updated':
        return
      case 'ended':
        // Somebody may have come back since: then the call goes on.
        if (call) await control.end(call.state, endReasonOf(event, call.state), { empty: true })
    }
  }

  /**
   * Do what the events ask for; each call's chat hears of all its changes at once.
   *
   * @throws when the signal ends the trying
   */
  return async function handle(events: SfuEvent[], signal: AbortSignal): Promise<void> {
    for (const event of events) {
      const what = `handling the call event ${event.type}`
      await retry(() => record(event), { signal, log, what, hopeless }).catch((error) => {
        if (!hopeless(error)) throw error
        log.error({ err: error, event }, 'a call event that cannot be handled was dropped')
      })
    }
    const callIds = new Set(events.map(({ callId }) => callId))
    const telling = { signal, log, what: 'telling how calls stand' }
    await retry(() => Promise.all([...callIds].map(control.tellUpdated)), telling)
  }
}

function endReasonOf(
  { why }: Extract<SfuEvent, { type: 'ended' }>,
  { status }: CallState,
): CallEndReason {
  if (why === 'alone') return 'alone'
  return status === 'ringing' ? 'cancelled' : 'left'
}

/** Data that can't be stored, and mistakes of ours: the same at every try. */
export function hopeless(error: unknown): boolean {
  if (error instanceof ZodError) return true
  if (!(error instanceof Error)) return false
  if (error instanceof TypeError || error instanceof ReferenceError) return true
  // SQLSTATE classes 22 and 23: data exception, integrity constraint violation.
  if ('code' in error && typeof error.code === 'string') return /^2[23]\w{3}$/.test(error.code)
  return hopeless(error.cause)
}
