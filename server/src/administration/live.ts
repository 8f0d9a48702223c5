import type { LiveCall, LiveNode } from '@beseda/protocol/administration'
import { inArray } from 'drizzle-orm'
import type { CallSnapshot } from '../calls/snapshot.ts'
import { chats } from '../chats/schema.ts'
import type { Database } from '../db/database.ts'
import { refuse } from '../errors.ts'
import type { Services } from '../services.ts'
import { users } from '../users/schema.ts'
import { type Actor, permit } from './actor.ts'
import { writeAudit } from './audit.ts'

type Deps = Pick<Services, 'db' | 'calls'>

/** The calls that are on now, the oldest first. */
export async function listLiveCalls({ db, calls }: Deps): Promise<LiveCall[]> {
  const on = await calls.states.listOn()
  const [chatNames, userNames] = await Promise.all([chatNamesOf(db, on), userNamesOf(db, on)])
  return on
    .sort((a, b) => a.state.createdAt - b.state.createdAt)
    .map(({ state, peers }) => ({
      id: state.id,
      chatId: state.chatId,
      chatName: chatNames.get(state.chatId) ?? null,
      initiator: userNames.get(state.initiatorId) ?? '',
      type: state.type,
      status: state.status === 'ringing' ? 'ringing' : 'active',
      createdAt: new Date(state.createdAt).toISOString(),
      node: state.node,
      peers: peers.map(({ userId }) => userNames.get(userId) ?? ''),
    }))
}

/** The SFU nodes that are alive, and how many calls each has. */
export async function listLiveNodes({ calls }: Pick<Deps, 'calls'>): Promise<LiveNode[]> {
  const [nodes, on] = await Promise.all([calls.nodes.list(), calls.states.listOn()])
  return nodes.map(({ node, publicUrl, port, load, draining }) => ({
    ...{ node, publicUrl, port, load, draining },
    calls: on.filter(({ state }) => state.node === node).length,
  }))
}

/** End a call for all who are in it. @throws Refusal FORBIDDEN, NOT_FOUND, CALL_ENDED */
export async function endAnyCall({ db, calls }: Deps, actor: Actor, callId: string): Promise<void> {
  permit(actor, { do: 'endAnyCall' })
  const call = await calls.states.read(callId)
  if (!call) throw refuse('NOT_FOUND', 'There is no such call.')
  if (call.state.status === 'ended') throw refuse('CALL_ENDED', 'The call has ended.')
  const names = await chatNamesOf(db, [call])
  await calls.control.end(call.state, 'ended')
  const name = names.get(call.state.chatId) ?? 'personal'
  await writeAudit(db, actor, { action: 'call.ended', target: { id: callId, name } })
}

/**
 * Let a node take no new calls, and hand those that it has to others as soon as another one is
 * there; or let it take calls again.
 *
 * @throws Refusal FORBIDDEN, NOT_FOUND when no such node is alive
 */
export async function drainNode(
  { db, calls }: Deps,
  actor: Actor,
  node: string,
  on: boolean,
): Promise<void> {
  permit(actor, { do: 'drainNode' })
  if (!(await calls.nodes.find(node))) throw refuse('NOT_FOUND', 'No such node is alive.')
  await calls.control.command(node, { type: 'drain', on })
  const action = on ? 'node.drained' : 'node.opened'
  await writeAudit(db, actor, { action, target: { id: null, name: node } })
}

async function chatNamesOf(db: Database, on: CallSnapshot[]): Promise<Map<string, string | null>> {
  const ids = on.map(({ state }) => state.chatId)
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: chats.id, name: chats.name })
    .from(chats)
    .where(inArray(chats.id, ids))
  return new Map(rows.map(({ id, name }) => [id, name]))
}

async function userNamesOf(db: Database, on: CallSnapshot[]): Promise<Map<string, string>> {
  const ids = on.flatMap(({ state, peers }) => [
    state.initiatorId,
    ...peers.map(({ userId }) => userId),
  ])
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: users.id, displayName: users.displayName })
    .from(users)
    .where(inArray(users.id, ids))
  return new Map(rows.map(({ id, displayName }) => [id, displayName]))
}
