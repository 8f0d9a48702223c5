import {
  type Notice,
  noticeSchema,
  type ReplyData,
  type RequestData,
  type RequestType,
  replyFrameSchema,
  requests,
  type SignallingErrorCode,
} from '@beseda/protocol/signalling'

/** The SFU refused a request, or its socket closed before the answer (`CLOSED`). */
export class SignallingError extends Error {
  override name = 'SignallingError'
  readonly code: SignallingErrorCode | 'CLOSED' | 'TIMEOUT'

  constructor(code: SignallingError['code'], message: string) {
    super(message)
    this.code = code
  }
}

export type Signalling = {
  /**
   * Resolves with the parsed reply. A socket on which nothing at all has come for `patience` ms
   * since then is taken for dead: it closes.
   *
   * @throws SignallingError
   */
  request<Type extends RequestType>(
    type: Type,
    data: RequestData<Type>,
    patience?: number,
  ): Promise<ReplyData<Type>>
  close(): void
}

type Waiting = {
  type: RequestType
  resolve(data: unknown): void
  reject(error: SignallingError): void
  timer: ReturnType<typeof setTimeout>
}

type SignallingOptions = {
  url: string
  WebSocket: typeof globalThis.WebSocket
  onNotice(notice: Notice): void
  /** The socket closed though `close` was not called. */
  onClose(code: number): void
}

/** Milliseconds that the SFU may take to answer. */
const defaultPatience = 10_000

/** What browsers say of a socket whose other end is gone (RFC 6455, 7.4.1). */
const goneSilent = 1006

/**
 * Open a signalling socket. Requests made before it is open wait for it; each
 * is answered, refused, or rejected when the socket closes or time is up.
 */
export function openSignalling({
  url,
  WebSocket,
  onNotice,
  onClose,
}: SignallingOptions): Signalling {
  const socket = new WebSocket(url)
  const waiting = new Map<number, Waiting>()
  let unsent: string[] = []
  let nextId = 1
  let closed = false
  /** Frames that came so far. */
  let heard = 0

  function fail(error: SignallingError) {
    closed = true
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer)
      reject(error)
    }
    waiting.clear()
  }

  socket.onopen = () => {
    for (const frame of unsent) socket.send(frame)
    unsent = []
  }
  function lost(code: number) {
    if (closed) return
    fail(new SignallingError('CLOSED', `The SFU's socket closed (${code}).`))
    onClose(code)
  }

  socket.onclose = ({ code }) => lost(code)
  socket.onmessage = ({ data }) => {
    heard += 1
    const frame: unknown = JSON.parse(String(data))
    const reply = replyFrameSchema.safeParse(frame)
    if (!reply.success) {
      const notice = noticeSchema.safeParse(frame)
      if (notice.success) onNotice(notice.data)
      return
    }
    const waiter = waiting.get(reply.data.id)
    if (!waiter) return
    waiting.delete(reply.data.id)
    clearTimeout(waiter.timer)
    if (reply.data.ok) return waiter.resolve(reply.data.data)
    waiter.reject(new SignallingError(reply.data.error.code, reply.data.error.message))
  }

  return {
    async request(type, data, patience = defaultPatience) {
      if (closed) throw new SignallingError('CLOSED', 'The SFU’s socket is closed.')
      const id = nextId++
      const heardBefore = heard
      const answer = new Promise<unknown>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id)
          reject(new SignallingError('TIMEOUT', `The SFU did not answer ${type} in time.`))
          if (heard > heardBefore) return
          lost(goneSilent)
          socket.close()
        }, patience)
        waiting.set(id, { type, resolve, reject, timer })
      })
      const frame = JSON.stringify({ id, type, data })
      if (socket.readyState === WebSocket.OPEN) socket.send(frame)
      else unsent.push(frame)
      const reply = await answer
      return requests[type].reply.parse(reply) as ReplyData<typeof type>
    },
    close() {
      if (closed) return
      fail(new SignallingError('CLOSED', 'The call is over.'))
      socket.close(1000)
    },
  }
}
