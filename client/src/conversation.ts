import { limits } from '@beseda/protocol/limits'
import type { Message } from '@beseda/protocol/messages'
import { backoff, makePause } from './backoff.ts'
import { type Carried, createOutgoing } from './outgoing.ts'
import { createPages } from './pages.ts'
import type { Rest } from './rest.ts'
import { isPassing } from './retry.ts'
import { createStore, type Store } from './store.ts'
import {
  emptyTimeline,
  newestOf,
  type ReactionChange,
  renewed,
  replaceMessage,
  runOf,
  type TimelineState,
  withArrived,
  withNewer,
  withOlder,
  withReaction,
} from './timeline.ts'
import type { Unsent } from './unsent.ts'

/** One chat's messages: history, what arrives, and what is on its way. */
export type Conversation = {
  state: Store<TimelineState>
  /** Fetch the newest page, or the one around the first unread message where that stands before it, unless a page is there. */
  load(): Promise<void>
  loadOlder(): Promise<void>
  loadNewer(): Promise<void>
  /** Show the messages around one of long ago. @throws RequestError */
  openAround(seq: number): Promise<void>
  /** Back to the newest, after `openAround`. @throws RequestError */
  showLatest(): Promise<void>
  /** Show the message at once and send it; tried again until the server has answered. */
  send(body: string, carried?: Carried): string
  /** @throws RequestError as the server refuses */
  edit(messageId: string, body: string): Promise<void>
  /** @throws RequestError as the server refuses */
  remove(messageId: string): Promise<void>
  /** Put the own reaction on a message or take it off; shown at once. @throws RequestError */
  react(messageId: string, emoji: string, on: boolean): Promise<void>
  /** @throws RequestError as the server refuses */
  pin(messageId: string, on: boolean): Promise<void>
  /** Send a refused message again. */
  retry(clientId: string): void
  /** Give up a refused message. */
  discard(clientId: string): void
}

type ConversationOptions = {
  rest: Rest
  chatId: string
  unsent: Unsent
  /** `seq` of the chat's newest message. */
  newestSeq(): number
  /** `seq` of the first unread message, where the newest page does not reach it. */
  unreadFrom(): number | null
  onSent(message: Message): void
}

/** Past this many missed messages the run ends, and goes on as the reader comes to its end. */
export const missedMax = 300

/** Make the conversation of a chat; `receive` and `catchUp` are its inputs from the event socket. */
export function createConversation(options: ConversationOptions) {
  const { rest, chatId, unsent } = options
  const state = createStore<TimelineState>(emptyTimeline)
  const pages = createPages((query) => rest.messages(chatId, query))
  const pause = makePause()
  let filling = false
  let closed = false
  /** The newest `seq` that was heard of, held or not. */
  let heard = 0
  /** The newest `seq` that the reader had in sight. */
  let seen = 0
  /** Counts jumps and renewals: the answer to an earlier one comes too late. */
  let jumps = 0
  let renewals = 0

  const newest = () => newestOf(state.get().messages)
  const head = () => Math.max(heard, options.newestSeq())

  const patch = (change: Partial<TimelineState>) =>
    state.update((current) => ({ ...current, ...change }))

  const outgoing = createOutgoing({
    rest,
    chatId,
    unsent,
    get: () => state.get().pending,
    set: (pending) => patch({ pending }),
    onSent(message) {
      receive([message])
      options.onSent(message)
    },
  })

  function receive(arrived: Message[]) {
    heard = Math.max(heard, ...arrived.map(({ seq }) => seq))
    const current = state.get()
    // Before the first page there is no run to join; what it lacks is fetched after it.
    if (current.status === 'ready') {
      const follows = !current.hasNewer && seen >= newest()
      const { gapAfter: _, ...run } = withArrived(current, arrived, { follows, head: head() })
      patch(run)
    }
    outgoing.settle(arrived)
    fill()
  }

  /** Fetch what was heard of and is not held. */
  function fill() {
    const { status, hasNewer } = state.get()
    // A reader who has jumped back does not want what lies between; `loadNewer` brings it.
    if (filling || status !== 'ready' || hasNewer || newest() >= heard) return
    filling = true
    void fetchMissed().finally(() => {
      filling = false
    })
  }

  async function fetchMissed() {
    for (let attempt = 0; !closed && !state.get().hasNewer && newest() < heard; ) {
      const after = newest()
      try {
        const { items } = await pages.get({ after, limit: limits.pageSizeMax })
        receive(items)
        attempt = 0
        if (newest() === after) return
        if (heard - newest() > missedMax) patch({ hasNewer: true })
      } catch (error) {
        if (!isPassing(error)) return
        await pause.wait(backoff(attempt++))
      }
    }
  }

  /** Show a page instead of what is held; `upTo` is what it would have to reach to be the newest. */
  function show(items: Message[], upTo: number) {
    patch({ status: 'ready', ...runOf(items, upTo) })
    outgoing.settle(items)
    fill()
  }

  async function load() {
    if (state.get().status === 'ready') return
    patch({ status: 'loading' })
    const unread = options.unreadFrom()
    try {
      const { items } = await pages.get(unread === null ? {} : { around: unread })
      if (state.get().status === 'ready') return
      show(items, unread === null ? 0 : head())
    } catch {
      if (state.get().status !== 'ready') patch({ status: 'failed' })
    }
  }

  async function loadOlder() {
    const { messages, hasOlder, loadingOlder } = state.get()
    const first = messages[0]
    if (!first || !hasOlder || loadingOlder) return
    patch({ loadingOlder: true })
    try {
      const { items } = await pages.get({ before: first.seq })
      patch(withOlder(state.get(), items))
    } finally {
      patch({ loadingOlder: false })
    }
  }

  async function loadNewer() {
    const { messages, hasNewer, loadingNewer } = state.get()
    if (messages.length === 0 || !hasNewer || loadingNewer) return
    patch({ loadingNewer: true })
    try {
      const { items } = await pages.get({ after: newest() })
      if (state.get().hasNewer) patch(withNewer(state.get(), items, head()))
    } finally {
      patch({ loadingNewer: false })
    }
  }

  async function openAround(seq: number) {
    const jump = ++jumps
    if (state.get().messages.some((message) => message.seq === seq)) return
    const { items } = await pages.get({ around: seq })
    if (jump === jumps) show(items, head())
  }

  async function showLatest() {
    const jump = ++jumps
    if (!state.get().hasNewer) return
    const { items } = await pages.get({})
    if (jump === jumps) show(items, 0)
  }

  /** Fetch the held messages from `oldest` to `newest` again, the newest first. */
  async function refresh(oldest: number, newest: number, isWanted = () => true) {
    let before = newest + 1
    for (let attempt = 0; before > oldest && !closed && isWanted(); ) {
      try {
        const limit = Math.min(limits.pageSizeMax, before - oldest)
        const { items } = await pages.get({ before, limit })
        patch({ messages: renewed(state.get().messages, items) })
        before = items[0]?.seq ?? oldest
        attempt = 0
      } catch (error) {
        if (!isPassing(error)) return
        await pause.wait(backoff(attempt++))
      }
    }
  }

  /** Fetch the run again: edits and reactions have no `seq` to be missed by. */
  function renew() {
    const renewal = ++renewals
    const oldest = state.get().messages[0]?.seq ?? 1
    return refresh(oldest, newest(), () => renewal === renewals)
  }

  function changeMessage(messageId: string, update: (message: Message) => Message) {
    pages.note(messageId)
    const { messages } = state.get()
    patch({
      messages: messages.map((message) => (message.id === messageId ? update(message) : message)),
    })
  }

  async function react(messageId: string, emoji: string, on: boolean) {
    changeMessage(messageId, (message) => withReaction(message, { emoji, on, own: true }))
    try {
      await rest.react(chatId, messageId, emoji, on)
    } catch (error) {
      // Refused, or done without a word of it: the server knows.
      const seq = state.get().messages.find(({ id }) => id === messageId)?.seq
      if (seq !== undefined) void refresh(seq, seq)
      throw error
    }
  }

  const conversation: Conversation = {
    state,
    load,
    loadOlder,
    loadNewer,
    openAround,
    showLatest,
    send: outgoing.send,
    async edit(messageId, body) {
      const edited = await rest.editMessage(chatId, messageId, body)
      pages.note(messageId)
      patch({ messages: renewed(state.get().messages, [edited]) })
    },
    async remove(messageId) {
      await rest.deleteMessage(chatId, messageId)
      const deletedAt = new Date().toISOString()
      changeMessage(messageId, (message) => ({ ...message, body: '', reactions: [], deletedAt }))
    },
    react,
    async pin(messageId, on) {
      await rest.pin(chatId, messageId, on)
    },
    retry: outgoing.retry,
    discard: outgoing.discard,
  }
  return {
    conversation,
    /** Messages were just written. */
    receive,
    /** Send what an earlier visit left unsent. */
    restore: outgoing.restore,
    /** A message was edited, deleted or pinned. */
    replace(message: Parameters<typeof replaceMessage>[1]) {
      pages.note(message.id)
      patch({ messages: replaceMessage(state.get().messages, message) })
    },
    /** Somebody put a reaction on a message, or took it off. */
    reacted(messageId: string, reaction: ReactionChange) {
      changeMessage(messageId, (message) => withReaction(message, reaction))
    },
    /** The reader has the message of this `seq` in sight, and it is the newest that is shown. */
    see(seq: number) {
      seen = Math.max(seen, seq)
    },
    /** The socket is back and the chat's newest message has this `seq`: fetch what was missed. */
    catchUp(newestThere: number) {
      heard = Math.max(heard, newestThere)
      pause.cut()
      outgoing.wake()
      if (state.get().status === 'failed') void load()
      if (state.get().status !== 'ready') return
      fill()
      void renew()
    },
    /** The newest `seq` that is held; null before the first page. */
    head() {
      const { status, hasNewer } = state.get()
      return status === 'ready' && !hasNewer ? newest() : null
    },
    /** The chat is gone, and so is what was meant for it. */
    forget: outgoing.forget,
    /** Send and fetch nothing more: another user may be signed in. */
    close() {
      closed = true
      pause.cut()
      outgoing.close()
    },
  }
}
