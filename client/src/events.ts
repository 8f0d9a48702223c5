import { closeCodes } from '@beseda/protocol/errors'
import { type BesedaEvent, beatMs, eventSchema, type UpFrame } from '@beseda/protocol/events'
import { backoff } from './backoff.ts'
import { createStore, type Store } from './store.ts'

export type ConnectionState =
  | { status: 'idle' }
  | { status: 'connecting' }
  | { status: 'online' }
  /** The socket is gone; the next try comes at `retryAt` (ms since the epoch). */
  | { status: 'waiting'; retryAt: number }

type EventsOptions = {
  /** `ws:` or `wss:` URL of the event socket. */
  url(): string
  WebSocket: typeof globalThis.WebSocket
  accessToken(): string | null
  renew(): Promise<boolean>
  /** The newest `seq` held of each chat, asked at every connection. */
  seqs(): Record<string, number>
  onEvent(event: BesedaEvent): void
}

export type EventSocket = {
  state: Store<ConnectionState>
  open(): void
  close(): void
  /** Try now instead of when the pause is over, as when the network is back; a socket that is open must answer. */
  retryNow(): void
  send(frame: UpFrame): void
}

/** How long a socket may say nothing: until it is ready, after that, and when it was asked. */
const patience = { opening: 10_000, open: 2.5 * beatMs, asked: 5_000 }

/**
 * Keep an event socket open while wanted: says hello, brings events in order,
 * leaves a socket that has gone silent, comes back by itself with a growing,
 * jittered pause.
 */
export function createEventSocket(options: EventsOptions): EventSocket {
  const state = createStore<ConnectionState>({ status: 'idle' })
  let socket: WebSocket | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let wanted = false

  const later = (task: () => void, delay: number) => {
    clearTimeout(timer)
    timer = setTimeout(task, delay)
  }

  const wait = () => {
    const delay = backoff(attempt++)
    state.set({ status: 'waiting', retryAt: Date.now() + delay })
    later(connect, delay)
  }

  function drop() {
    const dropped = socket
    socket = null
    dropped?.close()
  }

  /** Leave the socket unless something is heard within `ms`. */
  const expectWord = (ms: number) =>
    later(() => {
      drop()
      wait()
    }, ms)

  function connect() {
    state.set({ status: 'connecting' })
    const opening = new options.WebSocket(options.url())
    socket = opening
    expectWord(patience.opening)
    opening.onopen = () => {
      const token = options.accessToken() ?? ''
      opening.send(JSON.stringify({ type: 'hello', token, seqs: options.seqs() } satisfies UpFrame))
    }
    opening.onmessage = ({ data }) => {
      if (socket === opening) receive(data)
    }
    opening.onclose = ({ code }) => {
      if (socket !== opening) return
      socket = null
      void closed(code)
    }
  }

  function receive(data: unknown) {
    const event = eventSchema.safeParse(JSON.parse(String(data))).data
    if (event?.type === 'ready') {
      attempt = 0
      state.set({ status: 'online' })
    }
    expectWord(state.get().status === 'online' ? patience.open : patience.opening)
    // An event of a newer server than this client is not an error.
    if (event && event.type !== 'beat') options.onEvent(event)
  }

  async function closed(code: number) {
    clearTimeout(timer)
    if (code === closeCodes.unauthorized) {
      const alive = await options.renew().catch(() => true)
      if (!alive) return close()
    }
    if (wanted && socket === null) wait()
  }

  function close() {
    wanted = false
    clearTimeout(timer)
    drop()
    state.set({ status: 'idle' })
  }

  function send(frame: UpFrame) {
    if (state.get().status === 'online') socket?.send(JSON.stringify(frame))
  }

  return {
    state,
    open() {
      if (wanted) return
      wanted = true
      attempt = 0
      connect()
    },
    close,
    retryNow() {
      const { status } = state.get()
      if (status === 'waiting') connect()
      if (status !== 'online') return
      send({ type: 'beat' })
      expectWord(patience.asked)
    },
    send,
  }
}
