import type { Message } from '@beseda/protocol/messages'
import { v7 as uuid } from 'uuid'

/** The chat of the made-up messages. */
export const chatId = uuid()

/** A plain message of that chat; `clientId` where it answers to a pending one. */
export const makeMessage = (seq: number, clientId: string | null = null): Message => ({
  id: uuid(),
  chatId,
  seq,
  sender: null,
  clientId,
  body: `message ${seq}`,
  system: null,
  replyTo: null,
  attachments: [],
  reactions: [],
  mentions: [],
  pinnedAt: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  editedAt: null,
  deletedAt: null,
})

/** Messages `from` to `to`, both included. */
export const makeRun = (from: number, to: number): Message[] =>
  Array.from({ length: to - from + 1 }, (_, index) => makeMessage(from + index))
