import type { Message } from '@beseda/protocol/messages'
import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import type { Bus } from '../events/bus.ts'
import { type MessageRow, messages } from './schema.ts'

/** Which message, of which chat. */
export type Place = { chatId: string; messageId: string }

/**
 * Load a message that somebody wrote, to change it, and hold its row until the
 * transaction ends.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN when the system wrote it
 */
export async function lockMessage(
  tx: Transaction,
  { chatId, messageId }: Place,
): Promise<MessageRow> {
  const [row] = await tx
    .select()
    .from(messages)
    .where(and(eq(messages.id, messageId), eq(messages.chatId, chatId)))
    // Whoever answers the message meanwhile refers to its key, which does not change.
    .for('no key update')
  if (!row) throw noMessage()
  if (row.system) throw refuse('FORBIDDEN', 'What the system wrote stays as it is.')
  return row
}

/**
 * The same for a change that makes sense only while the message is there.
 *
 * @throws Refusal NOT_FOUND also when it was deleted, FORBIDDEN when the system wrote it
 */
export async function lockWrittenMessage(tx: Transaction, place: Place): Promise<MessageRow> {
  const message = await lockMessage(tx, place)
  if (message.deletedAt) throw noMessage()
  return message
}

/** Tell the chat what a message is now; reactions differ by reader and stay out. */
export function announceUpdate(bus: Bus, { reactions: _differ, ...message }: Message): void {
  bus.publish({ chatId: message.chatId }, { type: 'message.updated', message })
}

function noMessage() {
  return refuse('NOT_FOUND', 'There is no such message.')
}
