import type { Call } from '@beseda/protocol/calls'
import type { AddMembersBody, Chat, CreateChatBody } from '@beseda/protocol/chats'
import type { BesedaEvent } from '@beseda/protocol/events'
import { limits, spans } from '@beseda/protocol/limits'
import type { Message } from '@beseda/protocol/messages'
import type { Status } from '@beseda/protocol/users'
import { type Conversation, createConversation } from './conversation.ts'
import type { Rest } from './rest.ts'
import { createStore, type Store } from './store.ts'
import { createUnreadCount } from './unread.ts'
import { makeUnsentMemory, openUnsent, type UnsentStorage } from './unsent.ts'

export type ChatsState = {
  status: 'loading' | 'ready' | 'failed'
  /** Newest activity first. */
  chats: Chat[]
}

/** What is known of others' presence, by user id; kept up to date by events. */
export type PresenceState = Record<string, { status: Status; lastSeenAt: string | null }>

/** Who is writing now, by chat. */
export type TypingState = Record<string, string[]>

/** A chat that this user is in no longer. */
export type ClosedChat = { chatId: string; name: string | null } & Pick<
  Extract<BesedaEvent, { type: 'chat.closed' }>,
  'reason' | 'actor'
>

/** Somebody came, went, or was given another role or other permissions. */
export type MemberEvent = Extract<
  BesedaEvent,
  { type: 'member.added' | 'member.updated' | 'member.removed' }
>

export type Chats = {
  state: Store<ChatsState>
  presence: Store<PresenceState>
  typing: Store<TypingState>
  /** The last chat that closed on this user. */
  closed: Store<ClosedChat | null>
  /** The last change among the members of a chat: a list of them may be fetched anew. */
  memberEvent: Store<MemberEvent | null>
  /** Fetch the list; also after a failure. */
  load(): Promise<void>
  /** @throws RequestError as the server refuses */
  create(body: CreateChatBody): Promise<Chat>
  /** The personal chat with a user, made if there is none. @throws RequestError */
  openPersonal(userId: string): Promise<Chat>
  /** Join by an invitation. @throws RequestError as the server refuses */
  join(code: string): Promise<Chat>
  /** No notifications from this chat, or again. @throws RequestError */
  mute(chatId: string, muted: boolean): Promise<void>
  /** @throws RequestError as the server refuses */
  addMembers(chatId: string, body: AddMembersBody): Promise<void>
  /** The messages of a chat; the same conversation every time. */
  conversation(chatId: string): Conversation
  /** How many of the own messages the server has not taken yet, in all chats. */
  unsentCount(): number
  /** Move the read marker up to `seq`. */
  markRead(chatId: string, seq: number): Promise<void>
}

type ChatsOptions = { rest: Rest; selfId(): string | null; unsentStorage: UnsentStorage }

/** The own chats and their conversations; `apply` is the input from the event socket. */
export function createChats({ rest, selfId, unsentStorage }: ChatsOptions) {
  const state = createStore<ChatsState>({ status: 'loading', chats: [] })
  const presence = createStore<PresenceState>({})
  const typing = createStore<TypingState>({})
  const typingTimers = new Map<string, ReturnType<typeof setTimeout>>()
  const closed = createStore<ClosedChat | null>(null)
  const memberEvent = createStore<MemberEvent | null>(null)
  const conversations = new Map<string, ReturnType<typeof createConversation>>()
  let unsent = openUnsent(makeUnsentMemory(), '')

  /** Counts the fetches of the list: only the newest one's answer is taken. */
  let fetches = 0
  /** Of each fetch that is on, the events since it began. */
  const listening = new Set<BesedaEvent[]>()

  const unreadCount = createUnreadCount(selfId)

  const find = (chatId: string) => state.get().chats.find((chat) => chat.id === chatId)

  const put = (chat: Chat) =>
    state.update((current) => ({
      ...current,
      chats: byActivity([...current.chats.filter((other) => other.id !== chat.id), chat]),
    }))

  const change = (chatId: string, update: (chat: Chat) => Partial<Chat>) => {
    const chat = find(chatId)
    if (chat) put({ ...chat, ...update(chat) })
  }

  /** An answer, and the events that came before it, of which it may not know. */
  async function withMissed<Answer>(request: Promise<Answer>): Promise<[Answer, BesedaEvent[]]> {
    const missed: BesedaEvent[] = []
    listening.add(missed)
    try {
      return [await request, missed]
    } finally {
      listening.delete(missed)
    }
  }

  async function fetchAll(): Promise<Chat[]> {
    const chats: Chat[] = []
    let cursor: string | null = null
    do {
      const page = await rest.chats({ limit: limits.pageSizeMax, ...(cursor && { cursor }) })
      chats.push(...page.items)
      cursor = page.nextCursor
    } while (cursor)
    return chats
  }

  async function load() {
    if (state.get().status !== 'ready') state.set({ status: 'loading', chats: state.get().chats })
    const fetching = ++fetches
    try {
      const [chats, missed] = await withMissed(fetchAll())
      if (fetching !== fetches) return
      state.set({ status: 'ready', chats: byActivity(chats) })
      unreadCount.reset()
      for (const event of missed) applyToList(event)
    } catch {
      if (fetching === fetches) state.update((current) => ({ ...current, status: 'failed' }))
    }
  }

  /** Take the chat of an answer into the list. */
  async function take(request: Promise<Chat>): Promise<Chat> {
    const asker = selfId()
    const [chat, missed] = await withMissed(request)
    if (selfId() !== asker) return chat
    const since = missed.filter((event) => chatIdOf(event) === chat.id)
    if (since.some(({ type }) => type === 'chat.closed')) return chat
    put(chat)
    for (const event of since) if (event.type !== 'chat.created') applyToList(event)
    return chat
  }

  function noteMessage(message: Message) {
    change(message.chatId, (chat) => {
      if (message.seq <= chat.lastSeq) return {}
      const unread = unreadCount.arrived(chat, message)
      return { lastSeq: message.seq, lastMessage: message, ...unread }
    })
  }

  function open(chatId: string) {
    const known = conversations.get(chatId)
    if (known) return known
    const made = createConversation({
      rest,
      chatId,
      unsent,
      newestSeq: () => find(chatId)?.lastSeq ?? 0,
      unreadFrom: () => unreadFrom(find(chatId)),
      onSent: noteMessage,
    })
    conversations.set(chatId, made)
    return made
  }

  /** Send what is kept, also for chats that nobody has opened; another tab may have left it. */
  function restoreUnsent() {
    for (const [chatId, messages] of unsent.byChat()) open(chatId).restore(messages)
  }

  const setCall = (chatId: string, call: Call | null) => change(chatId, () => ({ call }))

  function applyReady(heads: Record<string, number>) {
    // Calls, names and members change without a message: the list itself says how they stand.
    void load()
    for (const [chatId, held] of conversations) held.catchUp(heads[chatId] ?? 0)
    restoreUnsent()
  }

  const stopTyping = (chatId: string, userId: string) => {
    clearTimeout(typingTimers.get(`${chatId} ${userId}`))
    typingTimers.delete(`${chatId} ${userId}`)
    typing.update((current) => ({
      ...current,
      [chatId]: (current[chatId] ?? []).filter((other) => other !== userId),
    }))
  }

  function noteTyping(chatId: string, userId: string) {
    stopTyping(chatId, userId)
    const timer = setTimeout(() => stopTyping(chatId, userId), spans.typing)
    typingTimers.set(`${chatId} ${userId}`, timer)
    typing.update((current) => ({ ...current, [chatId]: [...(current[chatId] ?? []), userId] }))
  }

  function noteRead(chatId: string, userId: string, seq: number) {
    const own = userId === selfId()
    change(chatId, (chat) => {
      if (!own) return { othersReadSeq: Math.max(chat.othersReadSeq, seq) }
      return {
        self: { ...chat.self, readSeq: Math.max(chat.self.readSeq, seq) },
        ...(seq >= chat.lastSeq && { unreadCount: 0, mentionCount: 0 }),
      }
    })
  }

  function noteReaction(
    event: Extract<BesedaEvent, { type: 'reaction.added' | 'reaction.removed' }>,
  ) {
    conversations.get(event.chatId)?.reacted(event.messageId, {
      emoji: event.emoji,
      on: event.type === 'reaction.added',
      own: event.userId === selfId(),
      count: event.count,
    })
  }

  function close({ chatId, reason, actor }: Extract<BesedaEvent, { type: 'chat.closed' }>) {
    closed.set({ chatId, name: find(chatId)?.name ?? null, reason, actor })
    const held = conversations.get(chatId)
    held?.forget()
    held?.close()
    conversations.delete(chatId)
    state.update((current) => ({
      ...current,
      chats: current.chats.filter((chat) => chat.id !== chatId),
    }))
  }

  function apply(event: BesedaEvent) {
    if (event.type === 'ready') return applyReady(event.heads)
    if (event.type === 'message.created') {
      conversations.get(event.message.chatId)?.receive([event.message])
    }
    for (const missed of listening) missed.push(event)
    applyToList(event)
  }

  function applyToList(event: BesedaEvent) {
    switch (event.type) {
      case 'ready':
      case 'beat':
        return
      case 'message.created':
        if (event.message.sender) stopTyping(event.message.chatId, event.message.sender.id)
        return noteMessage(event.message)
      case 'message.updated':
        conversations.get(event.message.chatId)?.replace(event.message)
        return change(event.message.chatId, ({ lastMessage }) =>
          lastMessage?.id === event.message.id
            ? { lastMessage: { ...lastMessage, ...event.message } }
            : {},
        )
      case 'reaction.added':
      case 'reaction.removed':
        return noteReaction(event)
      case 'typing':
        return noteTyping(event.chatId, event.userId)
      case 'read.updated':
        return noteRead(event.chatId, event.userId, event.seq)
      case 'chat.created':
        return void take(rest.chat(event.chatId)).catch(() => load())
      case 'chat.updated':
        return change(event.chat.id, () => event.chat)
      case 'chat.closed':
        return close(event)
      case 'chat.muted':
        return change(event.chatId, (chat) => ({ self: { ...chat.self, muted: event.muted } }))
      case 'member.updated':
        memberEvent.set(event)
        if (event.userId !== selfId()) return
        return change(event.chatId, (chat) => ({
          self: { ...chat.self, role: event.role, permissions: event.permissions },
        }))
      case 'member.added':
      case 'member.removed':
        memberEvent.set(event)
        return change(event.chatId, () => ({ memberCount: event.memberCount }))
      case 'presence':
        return presence.update((current) => ({
          ...current,
          [event.userId]: { status: event.status, lastSeenAt: event.lastSeenAt },
        }))
      case 'call.ringing':
      case 'call.updated':
        return setCall(event.call.chatId, event.call)
      case 'call.ended':
        return setCall(event.chatId, null)
      case 'call.declined':
        return change(event.chatId, ({ call }) => ({
          call: call?.id === event.callId ? withDeclined(call, event.userId) : call,
        }))
      case 'call.answered':
        return
    }
  }

  const create = (body: CreateChatBody) => take(rest.createChat(body))

  const chats: Chats = {
    state,
    presence,
    typing,
    closed,
    memberEvent,
    load,
    create,
    openPersonal: (userId) => create({ type: 'personal', userId }),
    join: (code) => take(rest.joinByInvite(code)),
    async mute(chatId, muted) {
      await rest.muteChat(chatId, muted)
      change(chatId, (chat) => ({ self: { ...chat.self, muted } }))
    },
    async addMembers(chatId, body) {
      await rest.addMembers(chatId, body)
    },
    conversation: (chatId) => open(chatId).conversation,
    unsentCount: () => [...unsent.byChat().values()].flat().length,
    async markRead(chatId, seq) {
      conversations.get(chatId)?.see(seq)
      const chat = find(chatId)
      if (!chat || chat.self.readSeq >= seq) return
      change(chatId, () => ({
        self: { ...chat.self, readSeq: seq },
        ...(seq >= chat.lastSeq && { unreadCount: 0, mentionCount: 0 }),
      }))
      const counted = unreadCount.reading(chatId)
      const answer = await rest.markRead(chatId, seq)
      const unread = counted(answer)
      change(chatId, (now) => ({
        self: { ...now.self, readSeq: Math.max(now.self.readSeq, answer.seq) },
        ...unread,
      }))
    },
  }

  return {
    chats,
    apply,
    /** What the event socket says in its `hello`. */
    seqs(): Record<string, number> {
      const held = [...conversations].flatMap(([chatId, { head }]) => {
        const seq = head()
        return seq === null ? [] : [[chatId, seq] as const]
      })
      return Object.fromEntries(held)
    },
    /** A user is signed in: fetch the chats, send what an earlier visit left unsent. */
    enter(userId: string) {
      unsent = openUnsent(unsentStorage, userId)
      restoreUnsent()
      void load()
    },
    /** Forget everything, as when another user signs in. */
    reset() {
      for (const { close } of conversations.values()) close()
      conversations.clear()
      for (const timer of typingTimers.values()) clearTimeout(timer)
      typingTimers.clear()
      typing.set({})
      closed.set(null)
      memberEvent.set(null)
      fetches++
      unreadCount.reset()
      presence.set({})
      state.set({ status: 'loading', chats: [] })
    },
  }
}

/** Where reading goes on, when the newest page does not show it. */
function unreadFrom(chat: Chat | undefined): number | null {
  if (!chat || chat.unreadCount === 0) return null
  const first = chat.self.readSeq + 1
  return chat.lastSeq - first < limits.pageSize ? null : first
}

/** The chat that an event is about. */
function chatIdOf(event: BesedaEvent): string | null {
  if ('chatId' in event) return event.chatId
  if ('message' in event) return event.message.chatId
  if ('call' in event) return event.call.chatId
  return 'chat' in event ? event.chat.id : null
}

function byActivity(chats: Chat[]): Chat[] {
  const activity = (chat: Chat) => chat.lastMessage?.createdAt ?? chat.createdAt
  return chats.sort((a, b) => activity(b).localeCompare(activity(a)))
}

const withDeclined = (call: Call, userId: string): Call => ({
  ...call,
  declined: [...call.declined.filter((id) => id !== userId), userId],
})
