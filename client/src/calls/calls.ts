import type { Call, CallAnswer, CallType } from '@beseda/protocol/calls'
import type { Chat } from '@beseda/protocol/chats'
import type { BesedaEvent } from '@beseda/protocol/events'
import { spans } from '@beseda/protocol/limits'
import { RequestError } from '../rest.ts'
import { createStore, type Store } from '../store.ts'
import { type CallSession, createCallSession, type SessionOptions } from './session.ts'

/** A call that rings here; without a sound while the user is in another one. */
export type RingingCall = Call & { silent: boolean }

/** A call that rang here too, and what its user did about it on another device. */
export type SettledElsewhere = { callId: string; deed: 'answered' | 'declined' }

export type Calls = {
  /** Calls that ring here now, oldest first. */
  incoming: Store<RingingCall[]>
  /** The call that stopped ringing here last because it was settled on another device. */
  elsewhere: Store<SettledElsewhere | null>
  /** The call that this user is in, on this device; kept for a moment after its end. */
  current: Store<CallSession | null>
  /**
   * Call the members of a chat; whoever is late to do so joins the running call. A call that this
   * device is in is left before; one on another device refuses it, unless `leaveOther`.
   *
   * @throws RequestError `IN_ANOTHER_CALL` and others, SignallingError
   */
  start(chatId: string, type: CallType, options?: { leaveOther?: boolean }): Promise<CallSession>
  /** Join as `start` does; with `leaveOther` this also moves the call here from another device. */
  join(callId: string, options?: { leaveOther?: boolean }): Promise<CallSession>
  /** @throws RequestError */
  decline(callId: string): Promise<void>
  /** Leave; a call of two ends with that. */
  hangUp(): Promise<void>
  /** End the call for everybody. @throws RequestError when that is not this user's to do */
  endForAll(): Promise<void>
  /** The device is in another network now: mend the current call without waiting until it breaks. */
  tryNetwork(): void
  /** Forget a call that has ended. */
  dismiss(): void
}

type CallsOptions = Omit<SessionOptions, 'userId'> & {
  selfId(): string | null
  chat(chatId: string): Chat | undefined
  /** The user asked not to be disturbed: nothing rings. */
  undisturbed(): boolean
}

/** Ringing and the current call; `apply` and `applyChats` are the inputs. */
export function createCalls(options: CallsOptions) {
  const incoming = createStore<RingingCall[]>([])
  const elsewhere = createStore<SettledElsewhere | null>(null)
  const current = createStore<CallSession | null>(null)
  let entered: ReturnType<typeof createCallSession> | null = null
  let entering: { key: string | undefined; session: Promise<CallSession> } | null = null

  /** The call that this device left last, of its own will. */
  let left: string | null = null

  /** Calls that rang here, with the timer that ends it: none of them rings a second time. */
  const rang = new Map<string, ReturnType<typeof setTimeout> | undefined>()

  const silence = (callId: string) => {
    clearTimeout(rang.get(callId))
    rang.set(callId, undefined)
    incoming.update((calls) => calls.filter((call) => call.id !== callId))
  }

  function ring(call: Call, silent: boolean) {
    if (rang.has(call.id) || currentCall()?.id === call.id) return
    incoming.update((calls) => [...calls, { ...call, silent }])
    // The server's clock and this one may differ; from now on is late at most.
    rang.set(
      call.id,
      setTimeout(() => silence(call.id), spans.ringing),
    )
  }

  /** What this device settles itself has stopped ringing here, or is being entered, before that is told. */
  function settled(callId: string, chatId: string, deed: SettledElsewhere['deed']) {
    const rings = incoming.get().some((call) => call.id === callId)
    silence(callId)
    const here = entering?.key === callId || entering?.key === chatId
    if (rings && !here) elsewhere.set({ callId, deed })
  }

  /** The list of chats knows the call no more, so that nothing makes it ring again. */
  const forget = (callId: string) => {
    silence(callId)
    rang.delete(callId)
  }

  const currentCall = () => current.get()?.state.get().call

  /** A second press while the first is on its way, or in the call already, is the first. */
  async function once(
    place: { chatId?: string; callId?: string },
    leaveOther: boolean,
    ask: (leaveOther: boolean) => Promise<CallAnswer>,
  ): Promise<CallSession> {
    const key = place.chatId ?? place.callId
    if (entering && entering.key === key) return entering.session
    const session = current.get()
    const { call, phase } = session?.state.get() ?? {}
    const inside = call && (call.id === place.callId || call.chatId === place.chatId)
    if (session && inside && phase?.status !== 'ended') return session
    const promise = leaveCurrent()
      .then(() => ask(leaveOther))
      .catch((error: unknown) => {
        // The server has not heard yet that this device has left.
        if (error instanceof RequestError && left && error.call?.callId === left) return ask(true)
        throw error
      })
      .then(enter)
    const mine = { key, session: promise }
    entering = mine
    return promise.finally(() => {
      if (entering === mine) entering = null
    })
  }

  async function enter(answer: CallAnswer): Promise<CallSession> {
    silence(answer.call.id)
    const userId = options.selfId()
    if (userId === null) throw new Error('a call needs a signed-in user')
    const made = createCallSession({ ...options, userId }, answer)
    entered = made
    current.set(made.session)
    try {
      await made.enter()
    } catch (error) {
      // Nobody should be rung for somebody who did not get in.
      const alone = answer.call.initiatorId === userId && answer.call.peers.length === 0
      if (alone) await options.rest.endCall(answer.call.id).catch(() => {})
      throw error
    }
    return made.session
  }

  async function leaveCurrent() {
    const session = current.get()
    if (!session) return
    const { call, phase } = session.state.get()
    if (phase.status !== 'ended') left = call.id
    const endsForAll = options.chat(call.chatId)?.type === 'personal'
    const ended =
      endsForAll && phase.status !== 'ended'
        ? options.rest.endCall(call.id).catch(() => {})
        : Promise.resolve()
    await Promise.all([session.leave(), ended])
  }

  const calls: Calls = {
    incoming,
    elsewhere,
    current,
    start: (chatId, type, { leaveOther = false } = {}) =>
      once({ chatId }, leaveOther, (leave) =>
        options.rest.startCall(chatId, { type, leaveOther: leave }),
      ),
    join: (callId, { leaveOther = false } = {}) =>
      once({ callId }, leaveOther, (leave) => options.rest.joinCall(callId, { leaveOther: leave })),
    async decline(callId) {
      silence(callId)
      await options.rest.declineCall(callId)
    },
    hangUp: leaveCurrent,
    async endForAll() {
      const call = currentCall()
      if (call) await options.rest.endCall(call.id)
      await current.get()?.leave()
    },
    tryNetwork: () => void entered?.tryNetwork(),
    dismiss() {
      if (current.get()?.state.get().phase.status === 'ended') current.set(null)
    },
  }

  function apply(event: BesedaEvent) {
    switch (event.type) {
      case 'call.ringing':
        return ring(event.call, event.silent)
      case 'call.updated':
        incoming.update((calls) =>
          calls.map((call) =>
            call.id === event.call.id ? { ...event.call, silent: call.silent } : call,
          ),
        )
        if (currentCall()?.id === event.call.id) entered?.update(event.call)
        return
      case 'call.answered':
        return settled(event.callId, event.chatId, 'answered')
      case 'call.declined':
        if (event.userId === options.selfId()) settled(event.callId, event.chatId, 'declined')
        return
      case 'call.ended':
        // A personal call ends with its being declined; nobody else here could have done that.
        if (event.reason === 'declined') settled(event.callId, event.chatId, 'declined')
        else silence(event.callId)
        if (currentCall()?.id === event.callId) entered?.close(event.outcome)
        return
      default:
        return
    }
  }

  return {
    calls,
    apply,
    /** A list of chats was fetched: what rings in them rings here, what does not has stopped. */
    applyChats(chats: Chat[]) {
      const selfId = options.selfId()
      for (const { call, type } of chats) {
        if (call?.status !== 'ringing' || type === 'channel') continue
        if (selfId === null || call.initiatorId === selfId || call.declined.includes(selfId))
          continue
        if (!options.undisturbed()) ring(call, false)
      }
      const on = new Set(chats.flatMap(({ call }) => (call ? [call.id] : [])))
      for (const callId of [...rang.keys()]) if (!on.has(callId)) forget(callId)
    },
    /** Leave whatever is on, as when the user signs out. */
    async reset() {
      for (const callId of [...rang.keys()]) forget(callId)
      await leaveCurrent()
      current.set(null)
    },
  }
}
