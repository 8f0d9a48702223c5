import type { Message, SendMessageBody } from '@beseda/protocol/messages'
import { and, eq } from 'drizzle-orm'
import { allow, lockMembership } from '../chats/membership.ts'
import type { Database, Transaction } from '../db/database.ts'
import { refuse, refuseField } from '../errors.ts'
import type { Bus } from '../events/bus.ts'
import { attachFiles } from './attachments.ts'
import { findMentions } from './mentions.ts'
import { messages } from './schema.ts'
import { appendMessage, getMessage } from './store.ts'
import { selectMessages, showMessages } from './view.ts'

/**
 * Write a message into a chat and tell its members. A send that is retried with
 * the same client id answers with the message that is there already.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN, CLIENT_ID_REUSED, VALIDATION
 */
export async function sendMessage(
  { db, bus }: { db: Database; bus: Bus },
  chatId: string,
  senderId: string,
  content: SendMessageBody,
): Promise<Message> {
  const { message, isNew } = await db.transaction(async (tx) => {
    // With the chat's row held, a retry of the same send waits here until the first is done.
    allow(await lockMembership(tx, chatId, senderId), { do: 'post' })
    const sent = await findSent(tx, senderId, content.clientId)
    if (sent) {
      if (sent.chatId !== chatId) throw reused()
      return { message: sent, isNew: false }
    }
    return { message: await writeMessage(tx, chatId, senderId, content), isNew: true }
  })
  if (isNew) bus.publish({ chatId }, { type: 'message.created', message })
  return message
}

async function writeMessage(
  tx: Transaction,
  chatId: string,
  senderId: string,
  { body, clientId, replyToId, fileIds = [] }: SendMessageBody,
): Promise<Message> {
  if (replyToId !== undefined) await requireInChat(tx, chatId, replyToId)
  const id = await appendMessage(tx, chatId, {
    senderId,
    clientId,
    body,
    system: null,
    replyToId: replyToId ?? null,
    mentions: await findMentions(tx, chatId, body),
  })
  if (id === undefined) throw reused()
  await attachFiles(tx, id, senderId, fileIds)
  return getMessage(tx, id)
}

/** One that was deleted can still be answered: it may have gone while the answer was written. */
async function requireInChat(tx: Transaction, chatId: string, messageId: string) {
  const rows = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.id, messageId), eq(messages.chatId, chatId)))
  if (rows.length === 0) throw refuseField('replyToId', 'is not a message of this chat')
}

async function findSent(tx: Transaction, senderId: string, clientId: string) {
  const rows = await selectMessages(tx).where(
    and(eq(messages.senderId, senderId), eq(messages.clientId, clientId)),
  )
  const [sent] = await showMessages(tx, rows, senderId)
  return sent
}

function reused() {
  return refuse('CLIENT_ID_REUSED', 'This clientId was used in another chat.')
}
