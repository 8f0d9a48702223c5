import type { Writable } from 'node:stream'
import type { BesedaEvent } from '@beseda/protocol/events'
import type { WebSocket } from 'ws'

/** Bytes that may wait for a slow client before its socket is closed. */
const waitingMax = 1024 * 1024
/** RFC 6455's registry: try again later. The client comes back and catches up. */
const tryAgainLater = 1013
const goodbyeMs = 2_000

/** What goes down one event socket. */
export type Outbox = ReturnType<typeof makeOutbox>

/**
 * Build the outbox of a socket. Until it is opened events are held back, so
 * that they come after the messages that are being sent again.
 *
 * @param connection what the socket runs on: whole frames are written to it past the socket,
 *   which would make a new one for each. It is never halfway through one of its own, as it
 *   compresses nothing.
 */
export function makeOutbox(socket: WebSocket, connection: Writable) {
  let held: Buffer[] | undefined = []
  let heldBytes = 0

  function write(frame: Buffer) {
    if (socket.readyState === socket.OPEN) connection.write(frame)
  }

  function giveUp() {
    held = undefined
    socket.close(tryAgainLater)
    // Who does not read does not answer the goodbye either.
    const timer = setTimeout(() => socket.terminate(), goodbyeMs)
    socket.once('close', () => clearTimeout(timer))
  }

  return {
    /** Send an event's frame, the same buffer for every socket. */
    send(frame: Buffer) {
      if (socket.readyState !== socket.OPEN) return
      if (connection.writableLength + heldBytes > waitingMax) return giveUp()
      if (!held) return void connection.write(frame)
      held.push(frame)
      heldBytes += frame.length
    },
    /** Send an event ahead of those that are held; resolves when it is on its way. */
    replay(event: BesedaEvent): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>()
      if (socket.readyState !== socket.OPEN) resolve()
      // A socket that closed meanwhile says so by an error here; its `close` event does the rest.
      else socket.send(JSON.stringify(event), { binary: false }, () => resolve())
      return promise
    },
    /** Let go what was held, then the last frame of the greeting. */
    open(last: Buffer) {
      for (const frame of held ?? []) write(frame)
      held = undefined
      heldBytes = 0
      write(last)
    },
    isOpen: () => held === undefined,
  }
}
