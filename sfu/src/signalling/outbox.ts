import { closeCodes } from '@beseda/protocol/errors'
import type { LeaveReason, Notice, ReplyFrame } from '@beseda/protocol/signalling'
import type { WebSocket } from 'ws'
import type { Link } from '../rooms/peer.ts'

/** Bytes that may wait for a client that does not read. */
const maxBufferedBytes = 4 * 1024 * 1024

const closeCodeOf: Record<LeaveReason, number> = {
  left: closeCodes.gone,
  lost: closeCodes.goingAway,
  removed: closeCodes.gone,
  replaced: closeCodes.replaced,
  ended: closeCodes.gone,
}

/** Where a socket's frames go out. */
export type Outbox = {
  reply(frame: ReplyFrame): void
  /** Keep notices back, because the reply that they build on is not sent yet. */
  hold(): void
  /** Send what was kept back; from here on notices go out at once. */
  release(): void
  link: Link
}

export function makeOutbox(socket: WebSocket): Outbox {
  let held: Notice[] | undefined

  function send(frame: ReplyFrame | Notice): void {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > maxBufferedBytes) socket.terminate()
    else socket.send(JSON.stringify(frame))
  }

  return {
    reply: send,
    hold() {
      held ??= []
    },
    release() {
      const notices = held ?? []
      held = undefined
      for (const notice of notices) send(notice)
    },
    link: {
      notify(notice) {
        if (held) held.push(notice)
        else send(notice)
      },
      close(reason) {
        send({ type: 'closed', reason })
        socket.close(closeCodeOf[reason])
      },
    },
  }
}
