import type { CallAnswer, CallType } from '@beseda/protocol/calls'
import type { SfuNode } from '@beseda/protocol/redis'
import { and, eq, ne } from 'drizzle-orm'
import { v7 } from 'uuid'
import { type Actor, allow, loadActor, type Membership } from '../chats/membership.ts'
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

/** Who comes in, as whom, and the call that they are in now. */
type Entrant = { visitor: Visitor; actor: Actor; where: CallSnapshot | null }

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
    const [actor, current, where] = await Promise.all([
      loadActor(db, chatId, visitor.userId),
      states.currentOfChats([chatId]),
      seats.whereIs(visitor.userId),
    ])
    const running = current.get(chatId)
    if (running) return { created: false, answer: await enter({ visitor, actor, where }, running) }

    allow(actor, { do: 'startCall' })
    seats.check(visitor, where, null)
    await countStart(visitor.userId, chatId)
    const { node } = await freeNode()
    // Nobody is rung in a channel, so there is nobody to wait for.
    const status = actor.chat.type === 'channel' ? 'active' : 'ringing'
    const wanted = { id: v7(), chatId, initiatorId: visitor.userId, type, status, node } as const
    const { created, call } = await states.start({ ...wanted, now: now() })
    if (created) await begin(actor, call)
    return { created, answer: await enter({ visitor, actor, where }, call) }
  }

  /** Come into a call; `failedEpoch` says that its node could not be reached. */
  async function join(visitor: Visitor, callId: string, failedEpoch?: number): Promise<CallAnswer> {
    const [{ actor, call }, where] = await Promise.all([
      findCall(deps, callId, visitor.userId),
      seats.whereIs(visitor.userId),
    ])
    if (!call) throw ended()
    return enter({ visitor, actor, where }, call, failedEpoch)
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
    { visitor, actor, where }: Entrant,
    call: CallSnapshot,
    failedEpoch?: number,
  ): Promise<CallAnswer> {
    allow(actor, { do: 'joinCall' })
    if (call.state.status === 'ended') throw ended()
    seats.check(visitor, where, call)
    const { userId, origin } = visitor
    const [{ state, node }, speakers] = await Promise.all([
      settle(call.state, failedEpoch),
      states.granted(call.state.id),
    ])
    // A call that has moved is empty until its peers come after it.
    const current = state.epoch === call.state.epoch ? call : await states.read(state.id)
    if (!current) throw ended()
    const others = current.peers.filter((peer) => peer.userId !== userId)
    const { chat, member, user } = actor
    if (others.length >= chat.maxMembers) throw refuse('CALL_FULL', 'The call is full.')

    const at = await seats.take(userId, state)
    const entered = await answer(current.state, userId)
    if (!entered || entered.status === 'ended') throw ended()
    const joiner = { user, actor: member, chat, granted: speakers.has(userId) }
    return {
      call: toCall({ ...current, state: entered }),
      join: makeJoin(joiner, state, node, settings, origin, at),
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

  return { start, join }
}

const ended = () => refuse('CALL_ENDED', 'The call has ended.')

const noSfu = () =>
  refuse(
    'NO_SFU',
    'No media server is running: start the SFU, and see that it uses the same Redis as the server.',
  )
