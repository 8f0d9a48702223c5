import { closeCodes } from '@beseda/protocol/errors'
import { type RequestFrame, requestFrameSchema } from '@beseda/protocol/signalling'
import type { FastifyBaseLogger } from 'fastify'
import type { RawData, WebSocket } from 'ws'
import { Refusal } from '../refusal.ts'
import { type EntryDeps, enter } from './entry.ts'
import { keepAlive } from './keep-alive.ts'
import { makeOutbox } from './outbox.ts'
import type { Probe, Probes } from './probe.ts'
import { makeRateLimit } from './rate.ts'
import { answer, type EntryType, type Seat } from './requests.ts'

export type SessionTimes = {
  /** How long a socket may stay outside a call, in milliseconds. */
  joinTimeout: number
  /** Milliseconds between two pings. */
  pingInterval: number
}

export type SessionDeps = EntryDeps & { times: SessionTimes; probes: Probes }

const requestRate = { perSecond: 200, burst: 400 }

/** RFC 6455 §7.4.1. */
const policyViolation = 1008

/** Serve one signalling socket until it closes. */
export function serveSession(deps: SessionDeps, socket: WebSocket, own: FastifyBaseLogger): void {
  let log = own
  const outbox = makeOutbox(socket)
  const rate = makeRateLimit(requestRate)
  let seat: Seat | undefined
  let probe: Probe | undefined
  /** Requests start in the order they came, and none before the entry ahead of it is done. */
  let entry: Promise<void> = Promise.resolve()

  async function handleEntry(frame: RequestFrame, type: EntryType): Promise<void> {
    try {
      if (seat || probe) throw new Refusal('ALREADY_JOINED', 'this socket is in use')
      outbox.hold()
      const entered = await enter(deps, type, frame.data, outbox.link)
      seat = entered.seat
      log = own.child({ callId: seat.room.callId, userId: seat.peer.userId })
      log.info(type)
      outbox.reply({ id: frame.id, ok: true, data: entered.reply })
      if (socket.readyState !== socket.OPEN) seat.peer.detach(outbox.link)
    } catch (error) {
      refuse(frame, error)
    } finally {
      outbox.release()
    }
  }

  async function handleProbe(frame: RequestFrame): Promise<void> {
    try {
      if (seat || probe) throw new Refusal('ALREADY_JOINED', 'this socket is in use')
      const opened = await deps.probes.open(frame.data, () => socket.close())
      probe = opened
      // Silence from here on: it shows whether something on the way ends quiet sockets.
      stopPinging()
      outbox.reply({ id: frame.id, ok: true, data: opened.reply })
      if (socket.readyState !== socket.OPEN) opened.close()
    } catch (error) {
      refuse(frame, error)
    }
  }

  async function handle(
    frame: RequestFrame,
    type: Exclude<RequestFrame['type'], EntryType | 'probe'>,
  ) {
    try {
      if (!seat || seat.peer.closed) throw new Refusal('NOT_JOINED', 'join first')
      outbox.reply({ id: frame.id, ok: true, data: await answer(seat, type, frame.data) })
      if (type === 'leave') seat.peer.close('left')
    } catch (error) {
      refuse(frame, error)
    }
  }

  function refuse({ id, type }: RequestFrame, cause: unknown): void {
    const refusal = cause instanceof Refusal ? cause : new Refusal('INTERNAL', 'it did not work')
    if (refusal !== cause) log.error({ err: cause, request: type }, 'request failed')
    const { code, message } = refusal
    outbox.reply({ id, ok: false, error: { code, message } })
  }

  function onFrame(data: RawData, isBinary: boolean): void {
    if (socket.readyState !== socket.OPEN) return
    const frame = isBinary ? undefined : parseFrame(data)
    if (frame === undefined) {
      socket.close(closeCodes.badFrame)
    } else if (!rate.take()) {
      refuse(frame, new Refusal('LIMIT', 'too many requests'))
      socket.close(policyViolation)
    } else if (frame.type === 'join' || frame.type === 'resume') {
      const { type } = frame
      entry = entry.then(() => handleEntry(frame, type))
    } else if (frame.type === 'probe') {
      entry = entry.then(() => handleProbe(frame))
    } else {
      const { type } = frame
      void entry.then(() => handle(frame, type))
    }
  }

  async function closeOutsider(): Promise<void> {
    await entry
    if (!seat && !probe) socket.close(closeCodes.helloTimeout)
  }

  const joinTimer = setTimeout(() => void closeOutsider(), deps.times.joinTimeout)
  const stopPinging = keepAlive(socket, deps.times.pingInterval)
  socket.on('message', onFrame)
  socket.on('error', (error) => log.debug({ err: error }, 'signalling socket failed'))
  socket.on('close', () => {
    clearTimeout(joinTimer)
    stopPinging()
    seat?.peer.detach(outbox.link)
    probe?.close()
  })
}

function parseFrame(data: RawData): RequestFrame | undefined {
  try {
    return requestFrameSchema.safeParse(JSON.parse(data.toString())).data
  } catch {
    return undefined
  }
}
