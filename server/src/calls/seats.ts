import { createHash } from 'node:crypto'
import { callTtlSeconds, redisKeys } from '@beseda/protocol/redis'
import { eq } from 'drizzle-orm'
import type { Redis } from 'ioredis'
import { chats } from '../chats/schema.ts'
import type { Database } from '../db/database.ts'
import { Refusal } from '../errors.ts'
import type { CallControl } from './control.ts'
import type { CallSnapshot, CallState } from './snapshot.ts'
import type { CallStates } from './state.ts'

type Deps = {
  db: Database
  redis: Redis
  states: CallStates
  control: CallControl
  now: () => number
}

/** How somebody comes into a call. */
export type Claim = {
  userId: string
  /** Leave wherever the user is now, rather than be refused. */
  leaveOther: boolean
  /** The last one that the SFU gave this device for the call. */
  resumeKey: string | undefined
}

export type Seats = ReturnType<typeof makeSeats>

/** One call at a time for each user, and one device in it. */
export function makeSeats({ db, redis, states, control, now }: Deps) {
  /** The call that the user was last let into, if it is on; they may not have come yet. */
  async function claimed(userId: string): Promise<CallSnapshot | null> {
    const callId = await redis.get(redisKeys.userCall(userId))
    const call = callId === null ? null : await states.read(callId)
    return call && call.state.status !== 'ended' ? call : null
  }

  /** The call that the user is in. */
  async function whereIs(userId: string): Promise<CallSnapshot | null> {
    const call = await claimed(userId)
    return call && peerOf(call, userId) ? call : null
  }

  /** Who of these is in a call now, other than `callId`. */
  async function busy(userIds: string[], callId: string): Promise<Set<string>> {
    if (userIds.length === 0) return new Set()
    const callIds = await redis.mget(userIds.map(redisKeys.userCall))
    const known = [...new Set(callIds.filter((id) => id !== null && id !== callId))]
    const snapshots = await states.readMany(known.map(String))
    const on = new Map(snapshots.flatMap((call) => (call ? [[call.state.id, call]] : [])))
    return new Set(
      userIds.filter((userId, index) => {
        const call = on.get(callIds[index] ?? '')
        return call && call.state.status !== 'ended' && peerOf(call, userId) !== undefined
      }),
    )
  }

  /**
   * Refuse whoever is in another call, or in `target` on another device, and wants to stay there.
   *
   * @param where the call that the user is in, as `whereIs` told
   * @param target null for a call that is only about to be made
   * @throws Refusal IN_ANOTHER_CALL
   */
  function check(claim: Claim, where: CallSnapshot | null, target: CallSnapshot | null): void {
    if (claim.leaveOther) return
    if (where && where.state.id !== target?.state.id) throw elsewhere(where.state)
    const seat = target && peerOf(target, claim.userId)
    if (seat && seat.device !== deviceOf(claim.resumeKey)) throw elsewhere(target.state)
  }

  /**
   * Make `call` the one that the user is in and leave the one before, also where the user was only
   * on the way in. Answers the moment from which the user's way into this call counts (ms).
   */
  async function take(userId: string, call: CallState): Promise<number> {
    const at = now()
    const key = redisKeys.userCall(userId)
    const before = await redis.set(key, call.id, 'EX', callTtlSeconds, 'GET')
    if (before !== null && before !== call.id) await leave(userId, before, at)
    return at
  }

  async function leave(userId: string, callId: string, at: number) {
    const other = await states.read(callId)
    if (!other || other.state.status === 'ended') return
    const { node, chatId } = other.state
    if (peerOf(other, userId)) {
      const [chat] = await db.select({ type: chats.type }).from(chats).where(eq(chats.id, chatId))
      // Nobody is left to talk to.
      if (chat?.type === 'personal') return control.end(other.state, 'left')
    }
    await control.command(node, { type: 'remove', callId, userId, reason: 'left', at })
  }

  /** Put a user out of whatever call they are in or on the way into. */
  async function vacate(userId: string): Promise<void> {
    const callId = await redis.getdel(redisKeys.userCall(userId))
    if (callId !== null) await leave(userId, callId, now())
  }

  return { whereIs, busy, check, take, vacate }
}

const peerOf = ({ peers }: CallSnapshot, userId: string) =>
  peers.find((peer) => peer.userId === userId)

/** What the SFU tells the servers of a peer's resume key. */
export function deviceOf(resumeKey: string | undefined): string | null {
  return resumeKey === undefined ? null : createHash('sha256').update(resumeKey).digest('base64url')
}

const elsewhere = ({ id: callId, chatId }: CallState) =>
  new Refusal('IN_ANOTHER_CALL', 'You are in a call already.', { call: { callId, chatId } })
