import type { CallAnswer, CallType } from '@beseda/protocol/calls'
import type { SfuNode } from '@beseda/protocol/redis'
import { and, eq, isNull, ne } from 'drizzle-orm'
import { v7 } from 'uuid'
import { allow, loadMembership, type Membership } from '../chats/membership.ts'
import { chatMembers } from '../chats/schema.ts'
import { refuse } from '../errors.ts'
import { users } from '../users/schema.ts'
import type { CallControl, ControlDeps } from './control.ts'
import { findCall } from './find.ts'
import { type JoinSettings, makeJoin } from './join.ts'
import { chooseNode, type SfuNodes } from './nodes.ts'
import type { Claim, Seats } from './seats.ts'
import { type CallSnapshot, type CallState, toCall } from './snapshot.ts'

export type EntryDeps = Omit<ControlDeps, 'redis'> & {
  nodes: SfuNodes
  control: CallControl
  seats: Seats
  countStart: (userId: string, chatId: string) => Promise<void>
  settings: JoinSettings
}

/** Who comes in and how, and where their client finds this server, such as `https://beseda.example`. */
export type Visitor = Claim & { origin: string }

export type CallEntry = ReturnType<typeof makeCallEntry>

/** The ways into a call. */
export function makeCallEntry(deps: EntryDeps) {
  const { db, bus, states, nodes, control, seats, countStart, settings, now } = deps

  /** Start a call, or come into the one that is on in the chat. */
  async function start(
    visitor: Visitor,
    chatId: string,
    type: CallType,
  ): Promise<{ created: boolean; answer: CallAnswer }> {
    const membership = await loadMembership(db, chatId, visitor.userId)
    const running = (await states.currentOfChats([chatId])).get(chatId)
    if (running) return { created: false, answer: await enter(visitor, membership, running) }

    allow(membership, { do: 'startCall' })
    await seats.check(visitor, null)
    await countStart(visitor.userId, chatId)
    const { node } = await freeNode()
    // Nobody is rung in a channel, so there is nobody to wait for.
    const status = membership.chat.type === 'channel' ? 'active' : 'ringing'
    const wanted = { id: v7(), chatId, initiatorId: visitor.userId, type, status, node } as const
    const { created, call } = await states.start({ ...wanted, now: now() })
    if (created) await begin(membership, call)
    return { created, answer: await enter(visitor, membership, call) }
  }

  /** Come into a call; `failedEpoch` says that its node could not be reached. */
  async function join(visitor: Visitor, callId: string, failedEpoch?: number): Promise<CallAnswer> {
    const { membership, call } = await findCall(deps, callId, visitor.userId)
    if (!call) throw ended()
    return enter(visitor, membership, call, failedEpoch)
  }

  async function begin({ chat }: Membership, call: CallSnapshot) {
    const { state } = call
    try {
      await control.logStart(state)
    } catch (error) {
      await states.end(state, now(), 'failed')
      throw error
    }
    if (chat.type !== 'channel') {
      await ring(call)
    }
    bus.publish({ chatId: chat.id }, { type: 'call.updated', call: toCall(call) })
  }

  /** All devices of all others ring, but for those who are not to be disturbed. */
  async function ring(call: CallSnapshot) {
    const { id, chatId, initiatorId } = call.state
    const called = await db
      .select({ userId: chatMembers.userId })
      .from(chatMembers)
      .innerJoin(users, eq(users.id, chatMembers.userId))
      .where(
        and(
          eq(chatMembers.chatId, chatId),
          ne(chatMembers.userId, initiatorId),
          ne(users.status, 'dnd'),
        ),
      )
    const userIds = called.map(({ userId }) => userId)
    const busy = await seats.busy(userIds, id)
    for (const silent of [false, true]) {
      const those = userIds.filter((userId) => busy.has(userId) === silent)
      bus.publish({ userIds: those }, { type: 'call.ringing', call: toCall(call), silent })
    }
  }

  async function enter(
    visitor: Visitor,
    membership: Membership,
    call: CallSnapshot,
    failedEpoch?: number,
  ): Promise<CallAnswer> {
    allow(membership, { do: 'joinCall' })
    if (call.state.status === 'ended') throw ended()
    await seats.check(visitor, call)
    const { userId, origin } = visitor
    const { chat, member } = membership
    const [user, { state, node }] = await Promise.all([
      loadUser(userId),
      settle(call.state, failedEpoch),
    ])
    const current = await states.read(state.id)
    if (!current) throw ended()
    const others = current.peers.filter((peer) => peer.userId !== userId)
    if (others.length >= chat.maxMembers) throw refuse('CALL_FULL', 'The call is full.')

    const at = await seats.take(userId, state)
    const entered = await answer(current.state, userId)
    if (!entered || entered.status === 'ended') throw ended()
    const granted = (await states.granted(state.id)).has(userId)
    return {
      call: toCall({ ...current, state: entered }),
      join: makeJoin({ user, actor: member, chat, granted }, state, node, settings, origin, at),
    }
  }

  /** Whoever comes to a call of somebody else's stops their own devices ringing. */
  async function answer(state: CallState, userId: string): Promise<CallState | null> {
    if (userId === state.initiatorId || state.status === 'ended') return state
    const answered = state.status === 'ringing' ? await control.answer(state) : state
    const { id: callId, chatId } = state
    bus.publish({ userIds: [userId] }, { type: 'call.answered', callId, chatId })
    return answered
  }

  /** The node of the call; a call whose node is dead, or stops and refuses, moves to another one. */
  async function settle(call: CallState, failedEpoch?: number) {
    const node = await nodes.find(call.node)
    if (node && !(node.draining && failedEpoch === call.epoch)) return { state: call, node }
    nodes.refresh()
    const next = await freeNode()
    const { changed, state } = await states.reassign(call, call.epoch, next.node, now())
    if (!state || state.status === 'ended') throw ended()
    if (changed) await control.tellUpdated(call.id)
    const taken = state.node === next.node ? next : await nodes.find(state.node)
    if (!taken) throw noSfu()
    return { state, node: taken }
  }

  async function freeNode(): Promise<SfuNode> {
    const node = chooseNode(await nodes.list())
    if (!node) throw noSfu()
    return node
  }

  async function loadUser(userId: string) {
    const [user] = await db
      .select({ id: users.id, displayName: users.displayName, avatarId: users.avatarId })
      .from(users)
      .where(and(eq(users.id, userId), isNull(users.disabledAt)))
    if (!user) throw refuse('UNAUTHORIZED', 'This account does not exist, or is disabled.')
    return user
  }

  return { start, join }
}

const ended = () => refuse('CALL_ENDED', 'The call has ended.')

const noSfu = () =>
  refuse(
    'NO_SFU',
    'No media server is running: start the SFU, and see that it uses the same Redis as the server.',
  )
