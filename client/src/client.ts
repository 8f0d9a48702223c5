import type { BesedaEvent } from '@beseda/protocol/events'
import type { types } from 'mediasoup-client'
import { type Calls, createCalls } from './calls/calls.ts'
import { type Chats, createChats } from './chats.ts'
import { makeCookieFetch } from './cookies.ts'
import { createEventSocket, type EventSocket } from './events.ts'
import { createRest, type Rest } from './rest.ts'
import { createSession, type SessionControl } from './session.ts'
import { makeUnsentMemory, openUnsent, type UnsentStorage } from './unsent.ts'

export type ClientOptions = {
  /** Origin of the server, `https://chat.example`; in a page `location.origin`. */
  url: string
  fetch?: typeof globalThis.fetch
  WebSocket?: typeof globalThis.WebSocket
  /** How to make a mediasoup device; by default the browser's own WebRTC. */
  createDevice?: () => Promise<types.Device>
  /** `relay` sends all media through TURN. */
  iceTransportPolicy?: RTCIceTransportPolicy
  /** Where messages wait that were not sent yet; by default in memory. */
  unsentStorage?: UnsentStorage
}

/** Beseda without a screen: what the page shows and what bots do. */
export type Client = {
  rest: Rest
  session: SessionControl
  connection: Pick<EventSocket, 'state' | 'retryNow' | 'send'>
  chats: Chats
  calls: Calls
  /** Hear what the event socket brings, once chats and calls know of it; the answer stops it. */
  onEvent(listener: (event: BesedaEvent) => void): () => void
  /** Leave the call, close the sockets, forget the session; the client is not used again. */
  close(): Promise<void>
}

/**
 * Build a client and wire its parts: a session brings the event socket, the
 * socket's events go to chats and calls.
 *
 * @example
 * const client = createClient({ url: 'http://127.0.0.1:3000' })
 * await client.session.login({ username: 'anna', password: '…' })
 * const chat = await client.chats.openPersonal(userId)
 * client.chats.conversation(chat.id).send('Привет!')
 */
export function createClient({
  url,
  fetch = typeof document === 'undefined'
    ? makeCookieFetch(globalThis.fetch)
    : globalThis.fetch.bind(globalThis),
  WebSocket = globalThis.WebSocket,
  createDevice = async () => (await import('mediasoup-client')).Device.factory(),
  iceTransportPolicy,
  unsentStorage = makeUnsentMemory(),
}: ClientOptions): Client {
  const session = createSession(() => rest)
  const { accessToken, renew } = session
  const rest = createRest({ url, fetch, accessToken, renew })
  const self = () => {
    const state = session.control.state.get()
    return state.status === 'authenticated' ? state.user : null
  }
  const selfId = () => self()?.id ?? null

  const chats = createChats({ rest, selfId, unsentStorage })
  const calls = createCalls({
    rest,
    WebSocket,
    createDevice,
    iceTransportPolicy,
    selfId,
    undisturbed: () => {
      const user = self()
      // It may have been said on another device.
      const known = user && (chats.chats.presence.get()[user.id] ?? user)
      return known?.status === 'dnd'
    },
    chat: (chatId) => chats.chats.state.get().chats.find((chat) => chat.id === chatId),
  })
  const listeners = new Set<(event: BesedaEvent) => void>()
  const socket = createEventSocket({
    url: () => `${url.replace(/^http/, 'ws')}/api/ws`,
    WebSocket,
    accessToken,
    renew,
    seqs: chats.seqs,
    onEvent(event) {
      // Calls first: a chat that rings says less about it than the ringing itself.
      calls.apply(event)
      chats.apply(event)
      for (const listener of listeners) listener(event)
    },
  })

  chats.chats.state.subscribe((state) => {
    if (state.status === 'ready') calls.applyChats(state.chats)
  })

  let signedIn: string | null = null
  session.control.state.subscribe((state) => {
    const userId = selfId()
    if (userId === signedIn) return
    const before = signedIn
    signedIn = userId
    socket.close()
    chats.reset()
    void calls.reset()
    // Who signs out leaves nothing behind; a session that expired is gone on with.
    const signedOut = state.status === 'anonymous' && !state.expired
    if (before !== null && signedOut) openUnsent(unsentStorage, before).clear()
    if (userId === null) return
    chats.enter(userId)
    socket.open()
  })

  return {
    rest,
    session: session.control,
    connection: socket,
    chats: chats.chats,
    calls: calls.calls,
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      await calls.reset()
      socket.close()
      chats.reset()
    },
  }
}
