import type { CallEndReason, CallStatus, CallType } from '@beseda/protocol/calls'
import { spans } from '@beseda/protocol/limits'
import { callTtlSeconds, redisKeys } from '@beseda/protocol/redis'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { type CallRef, defineCallScripts, onCall } from './scripts.ts'
import { type CallSnapshot, type CallState, parsePeers, parseState } from './snapshot.ts'

/** Seconds that an ended call's hash stays, so that a late joiner is told that it ended. */
const endedTtlSeconds = 60 * 60

/** Milliseconds between two looks at a call that is on. */
export const lookEveryMs = 5_000

const startReplySchema = z.tuple([z.number(), z.string()])
const idsSchema = z.array(z.string())
const replySchema = z.tuple([z.number(), z.array(z.string())])

export type NewCall = {
  id: string
  chatId: string
  initiatorId: string
  type: CallType
  /** A call that rings nobody starts active. */
  status: Exclude<CallStatus, 'ended'>
  node: string
  /** ms */
  now: number
}

/** What must still hold for a call to end. */
export type EndGuard = { status?: CallStatus; epoch?: number; empty?: boolean }

/** Until when a call is left alone; times in ms. */
export type Waiting = {
  idleSince: number | null
  next: number
  /** The node of the peers is dead. */
  forgetPeers: boolean
}

/** A transition's result: whether this caller made it, and the call after it (null when gone). */
export type Transition = { changed: boolean; state: CallState | null }

export type CallStates = ReturnType<typeof makeCallStates>

/** The calls in Redis. Each transition is one script, so that of two racers only one makes it. */
export function makeCallStates(redis: Redis) {
  defineCallScripts(redis)

  /** One call with its peers; null when Redis knows none. */
  async function read(callId: string): Promise<CallSnapshot | null> {
    const [snapshot] = await readMany([callId])
    return snapshot ?? null
  }

  /** Several calls in one round trip, in the order of the ids. */
  async function readMany(callIds: string[]): Promise<(CallSnapshot | null)[]> {
    if (callIds.length === 0) return []
    const pipeline = redis.pipeline()
    for (const id of callIds) {
      pipeline
        .hgetall(redisKeys.call(id))
        .hgetall(redisKeys.callPeers(id))
        .smembers(redisKeys.callDeclined(id))
    }
    const replies = (await pipeline.exec()) ?? []
    return callIds.map((id, index) => {
      const [fields, peers, declined] = replies.slice(index * 3, index * 3 + 3).map(replyOf)
      const state = parseState(id, fields)
      return state && { state, peers: parsePeers(peers), declined: idsSchema.parse(declined) }
    })
  }

  /** The calls that are on now in these chats. */
  async function currentOfChats(chatIds: string[]): Promise<Map<string, CallSnapshot>> {
    if (chatIds.length === 0) return new Map()
    const callIds = await redis.mget(chatIds.map(redisKeys.chatCall))
    const snapshots = await readMany(callIds.filter((id) => id !== null))
    const running = snapshots.filter((found) => found !== null && found.state.status !== 'ended')
    return new Map(running.flatMap((found) => (found ? [[found.state.chatId, found]] : [])))
  }

  /** Start a call, or return the one that is on in the chat. */
  async function start(call: NewCall): Promise<{ created: boolean; call: CallSnapshot }> {
    const fields = fieldsOf(call)
    const look = call.now + (call.status === 'ringing' ? spans.ringing : lookEveryMs)
    let over = ''
    for (;;) {
      const keys = [redisKeys.chatCall(call.chatId), redisKeys.call(call.id), redisKeys.callsDue]
      const reply = await redis.callStart(...keys, callTtlSeconds, call.id, over, look, ...fields)
      const [created, id] = startReplySchema.parse(reply)
      const current = await read(id)
      if (current && current.state.status !== 'ended') {
        return { created: created === 1, call: current }
      }
      if (created === 1) throw new Error(`call ${id} was gone as soon as it was made`)
      over = id
    }
  }

  /** ringing → active; `changed` for the one who answered first. */
  async function answer(ref: CallRef, now: number): Promise<Transition> {
    return transition(ref.id, await redis.callAnswer(...onCall(ref), now, now + lookEveryMs))
  }

  /** → ended; `changed` for exactly one caller, who writes the log. */
  async function end(
    ref: CallRef,
    now: number,
    reason: CallEndReason,
    guard: EndGuard = {},
  ): Promise<Transition> {
    const { status = '', epoch = '', empty = false } = guard
    const keys = onCall(ref, endedTtlSeconds)
    const reply = await redis.callEnd(...keys, now, reason, status, epoch, empty ? '1' : '')
    return transition(ref.id, reply)
  }

  /** Move the call from the node of `epoch` to `node`; who comes late gets where it went. */
  async function reassign(ref: CallRef, epoch: number, node: string, now: number) {
    return transition(ref.id, await redis.callReassign(...onCall(ref), now, epoch, node))
  }

  /** Note since when nobody is in the call, and look again at `next`; `changed` while the epoch is the same. */
  async function wait(ref: CallRef, epoch: number, { idleSince, next, forgetPeers }: Waiting) {
    const forget = forgetPeers ? '1' : ''
    const reply = await redis.callWait(...onCall(ref), idleSince ?? '', next, epoch, forget)
    return transition(ref.id, reply)
  }

  /** Let a user speak for the length of the call, or no longer. */
  async function grant({ id }: CallRef, userId: string, granted: boolean) {
    const key = redisKeys.callSpeakers(id)
    if (granted) await redis.multi().sadd(key, userId).expire(key, callTtlSeconds).exec()
    else await redis.srem(key, userId)
  }

  /** Who was allowed to speak for the length of the call. */
  async function granted(callId: string): Promise<Set<string>> {
    return new Set(await redis.smembers(redisKeys.callSpeakers(callId)))
  }

  /** Note that a user declined. Answers how many have. */
  async function decline({ id }: CallRef, userId: string): Promise<number> {
    const key = redisKeys.callDeclined(id)
    const replies = await redis
      .multi()
      .sadd(key, userId)
      .expire(key, callTtlSeconds)
      .scard(key)
      .exec()
    return Number(replyOf(replies?.[2]))
  }

  /** Ids of calls that are to be looked at now. */
  async function due(now: number, limit = 100): Promise<string[]> {
    return redis.zrangebyscore(redisKeys.callsDue, '-inf', now, 'LIMIT', 0, limit)
  }

  /** The calls that are on, at most a thousand of them. */
  async function listOn(): Promise<CallSnapshot[]> {
    const found = await readMany(await redis.zrange(redisKeys.callsDue, '0', '999'))
    return found.flatMap((call) => (call && call.state.status !== 'ended' ? [call] : []))
  }

  /** How many calls are on. */
  const countOn = () => redis.zcard(redisKeys.callsDue)

  /** Forget a call that is due and has no hash any more. */
  async function forget(callId: string) {
    await redis.zrem(redisKeys.callsDue, callId)
  }

  return {
    ...{ read, readMany, currentOfChats, start, answer, end, reassign, wait },
    ...{ grant, granted, decline, due, listOn, countOn, forget },
  }
}

function fieldsOf(call: NewCall): (string | number)[] {
  const { chatId, initiatorId, type, status, node, now } = call
  const answeredAt = status === 'active' ? now : ''
  const fields = { chatId, initiatorId, type, status, createdAt: now, answeredAt, node, epoch: 1 }
  return Object.entries({ ...fields, idleSince: now }).flat()
}

function replyOf(reply: [error: Error | null, result: unknown] | undefined): unknown {
  if (reply?.[0]) throw reply[0]
  return reply?.[1]
}

function transition(id: string, reply: unknown): Transition {
  const [changed, flat] = replySchema.parse(reply)
  const pairs = flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1]]] : []))
  return { changed: changed === 1, state: parseState(id, Object.fromEntries(pairs)) }
}
