import type { Audience, Delivery } from './bus.ts'

/** An event socket after its `hello`, as the hub sees it. */
export type HubSocket = {
  userId: string
  sessionId: string
  send: (frame: Buffer) => void
  close: (code: number) => void
}

/** This server's event sockets, found by user, session and chat. */
export type Hub = ReturnType<typeof makeHub>

/** Build the hub; it delivers from the moment that `bus.subscribe(hub.receive)` runs. */
export function makeHub() {
  const chatsOf = new Map<HubSocket, Set<string>>()
  const byChat = makeIndex()
  const byUser = makeIndex()
  const bySession = makeIndex()

  function join(socket: HubSocket, chatId: string) {
    const chats = chatsOf.get(socket)
    if (!chats) return
    chats.add(chatId)
    byChat.add(chatId, socket)
  }

  function leave(socket: HubSocket, chatId: string) {
    chatsOf.get(socket)?.delete(chatId)
    byChat.remove(chatId, socket)
  }

  function receivers(audience: Audience): Iterable<HubSocket> {
    if (audience === 'everyone') return [...chatsOf.keys()]
    if ('chatId' in audience) {
      const { chatId, exceptUserId } = audience
      return [...byChat.get(chatId)].filter(({ userId }) => userId !== exceptUserId)
    }
    if ('sessionId' in audience) return [...bySession.get(audience.sessionId)]
    const [index, keys] =
      'chatIds' in audience ? [byChat, audience.chatIds] : [byUser, audience.userIds]
    return new Set(keys.flatMap((key) => [...index.get(key)]))
  }

  return {
    /** From now on the socket gets what its user and its session get. */
    add(socket: HubSocket) {
      chatsOf.set(socket, new Set())
      byUser.add(socket.userId, socket)
      bySession.add(socket.sessionId, socket)
    },
    /** From now on the socket gets what the chat gets. */
    join,
    /** From now on the socket gets nothing of the chat. */
    leave,
    remove(socket: HubSocket) {
      for (const chatId of chatsOf.get(socket) ?? []) byChat.remove(chatId, socket)
      byUser.remove(socket.userId, socket)
      bySession.remove(socket.sessionId, socket)
      chatsOf.delete(socket)
    },
    receive({ audience, frame, join: joined, leave: left, close }: Delivery) {
      for (const socket of receivers(audience)) {
        if (joined !== undefined) join(socket, joined)
        if (frame) socket.send(frame)
        if (left !== undefined) leave(socket, left)
        if (close !== undefined) socket.close(close)
      }
    },
    /** Whether the user has a socket on this server. */
    has: (userId: string) => byUser.get(userId).size > 0,
    get size() {
      return chatsOf.size
    },
  }
}

const none: ReadonlySet<HubSocket> = new Set()

/** Sets of sockets by key; a set that runs empty is dropped. */
function makeIndex() {
  const sets = new Map<string, Set<HubSocket>>()
  return {
    get: (key: string): ReadonlySet<HubSocket> => sets.get(key) ?? none,
    add(key: string, socket: HubSocket) {
      const set = sets.get(key) ?? new Set()
      sets.set(key, set.add(socket))
    },
    remove(key: string, socket: HubSocket) {
      const set = sets.get(key)
      set?.delete(socket)
      if (set?.size === 0) sets.delete(key)
    },
  }
}
