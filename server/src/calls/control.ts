import type { CallEndReason } from '@beseda/protocol/calls'
import type { Message } from '@beseda/protocol/messages'
import {
  type SfuCommand,
  sfuCommandsMaxLength,
  sfuCommandsStream,
  sfuCommandsTtlSeconds,
  sfuWakeChannel,
} from '@beseda/protocol/redis'
import type { Redis } from 'ioredis'
import type { Database } from '../db/database.ts'
import type { Bus } from '../events/bus.ts'
import { recordAnswer, recordEnd, recordLost, recordStart } from './log.ts'
import type { CallRef } from './scripts.ts'
import { type CallState, outcomeOf, reasonOf, toCall } from './snapshot.ts'
import type { CallStates, EndGuard } from './state.ts'

export type ControlDeps = {
  db: Database
  redis: Redis
  bus: Bus
  states: CallStates
  now: () => number
}

export type CallControl = ReturnType<typeof makeCallControl>

/** What happens to a call, whoever makes it happen: the state, the log, the SFU and the chat. */
export function makeCallControl({ db, redis, bus, states, now }: ControlDeps) {
  const tellMessages = (messages: Message[]) => {
    for (const message of messages) {
      bus.publish({ chatId: message.chatId }, { type: 'message.created', message })
    }
  }

  /** Tell the chat how the call stands now. */
  async function tellUpdated(callId: string) {
    const call = await states.read(callId)
    if (!call || call.state.status === 'ended') return
    bus.publish({ chatId: call.state.chatId }, { type: 'call.updated', call: toCall(call) })
  }

  /** Tell the SFU node of a call what to do. */
  async function command(node: string, what: SfuCommand) {
    const stream = sfuCommandsStream(node)
    const text = JSON.stringify(what)
    const replies = await redis
      .multi()
      .xadd(stream, 'MAXLEN', '~', sfuCommandsMaxLength, '*', 'command', text)
      .expire(stream, sfuCommandsTtlSeconds)
      .publish(sfuWakeChannel(node), '')
      .exec()
    for (const [error] of replies ?? []) if (error) throw error
  }

  /** Log that the call began, if that is not logged yet. */
  async function logStart(call: CallState) {
    tellMessages(await recordStart(db, call))
  }

  /** Log that the call ended and tell the chat, if nobody did so yet. */
  async function logEnd(call: CallState) {
    const messages = await recordEnd(db, call)
    if (!messages) return
    tellMessages(messages)
    const { id: callId, chatId } = call
    const [outcome, reason] = [outcomeOf(call), reasonOf(call)]
    bus.publish({ chatId }, { type: 'call.ended', callId, chatId, outcome, reason })
  }

  /** The first one who comes to a ringing call makes it active. */
  async function answer(ref: CallRef): Promise<CallState | null> {
    const { changed, state } = await states.answer(ref, now())
    if (changed && state) {
      await tellUpdated(ref.id)
      await recordAnswer(db, state)
    }
    return state
  }

  /**
   * End the call, unless it changed from what `guard` says. Doing it again
   * completes what an earlier try could not write.
   */
  async function end(ref: CallRef, reason: CallEndReason, guard?: EndGuard): Promise<void> {
    const { changed, state } = await states.end(ref, now(), reason, guard)
    if (!state) return
    if (changed) await command(state.node, { type: 'end', callId: ref.id })
    if (state.status === 'ended') await logEnd(state)
  }

  /** The node of the call died with all who were in it. */
  async function loseAll(call: CallState): Promise<void> {
    await tellUpdated(call.id)
    await recordLost(db, call.id, now())
  }

  return { command, tellUpdated, logStart, logEnd, answer, end, loseAll }
}
