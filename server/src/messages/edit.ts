import type { Message } from '@beseda/protocol/messages'
import { eq } from 'drizzle-orm'
import { allow, loadMembership } from '../chats/membership.ts'
import type { Database, Transaction } from '../db/database.ts'
import { refuseField } from '../errors.ts'
import type { Bus } from '../events/bus.ts'
import { hasAttachments } from './attachments.ts'
import { announceUpdate, lockWrittenMessage, type Place } from './change.ts'
import { findMentions } from './mentions.ts'
import { messages } from './schema.ts'
import { searchWordsOf } from './search-words.ts'
import { readMessage } from './store.ts'

/**
 * Give an own message another body and tell the chat.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN, VALIDATION when nothing would be left of it
 */
export async function editMessage(
  { db, bus }: { db: Database; bus: Bus },
  place: Place,
  userId: string,
  body: string,
): Promise<Message> {
  const isChanged = await db.transaction(async (tx) => {
    const membership = await loadMembership(tx, place.chatId, userId)
    const message = await lockWrittenMessage(tx, place)
    allow(membership, { do: 'editMessage', own: message.senderId === userId })
    if (message.body === body) return false
    if (body.trim() === '' && !(await hasAttachments(tx, message.id))) {
      throw refuseField('body', 'must not be empty')
    }
    await writeBody(tx, place, body)
    return true
  })
  const message = await readMessage(db, place, userId)
  if (isChanged) announceUpdate(bus, message)
  return message
}

async function writeBody(tx: Transaction, { chatId, messageId }: Place, body: string) {
  const mentions = await findMentions(tx, chatId, body)
  await tx
    .update(messages)
    .set({ body, mentions, searchWords: searchWordsOf(body), editedAt: new Date() })
    .where(eq(messages.id, messageId))
}
