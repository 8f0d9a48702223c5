import type { Call } from '@beseda/protocol/calls'
import { eq } from 'drizzle-orm'
import { type Actor, loadActor } from '../chats/membership.ts'
import type { Database } from '../db/database.ts'
import { Refusal, refuse } from '../errors.ts'
import { calls } from './schema.ts'
import { type CallSnapshot, toCall } from './snapshot.ts'
import type { CallStates } from './state.ts'

export type FindDeps = { db: Database; states: CallStates }

/** A call for a member of its chat; `call` is null when it ended so long ago that only its log is left. */
export type FoundCall = { actor: Actor; call: CallSnapshot | null }

/** @throws Refusal NOT_FOUND when there is no such call or the user is not in its chat */
export async function findCall(
  { db, states }: FindDeps,
  callId: string,
  userId: string,
): Promise<FoundCall> {
  const call = await states.read(callId)
  const chatId = call?.state.chatId ?? (await findRow(db, callId)).chatId
  return { actor: await loadActor(db, chatId, userId).catch(hide), call }
}

/**
 * A call as its chat sees it, also long after it ended.
 *
 * @throws Refusal NOT_FOUND
 */
export async function showCall(deps: FindDeps, callId: string, userId: string): Promise<Call> {
  const { call } = await findCall(deps, callId, userId)
  if (call) return toCall(call)
  const row = await findRow(deps.db, callId)
  if (row.initiatorId === null) throw noSuchCall()
  return {
    id: row.id,
    chatId: row.chatId,
    initiatorId: row.initiatorId,
    type: row.type,
    status: 'ended',
    createdAt: row.createdAt.toISOString(),
    answeredAt: row.answeredAt?.toISOString() ?? null,
    epoch: 1,
    peers: [],
    declined: [],
  }
}

async function findRow(db: Database, callId: string) {
  const [row] = await db.select().from(calls).where(eq(calls.id, callId))
  if (!row) throw noSuchCall()
  return row
}

/** Whether a call exists is nobody's business outside its chat: both refusals read the same. */
function hide(error: unknown): never {
  throw error instanceof Refusal && error.code === 'NOT_FOUND' ? noSuchCall() : error
}

const noSuchCall = () => refuse('NOT_FOUND', 'There is no such call.')
