import type { Message, SendMessageBody } from '@beseda/protocol/messages'
import { and, eq } from 'drizzle-orm'
import { type Actor, allow, loadActor } from '../chats/membership.ts'
import type { Database, Transaction } from '../db/database.ts'
import { refuse, refuseField } from '../errors.ts'
import type { Bus } from '../events/bus.ts'
import { attachFiles } from './attachments.ts'
import { findMentions } from './mentions.ts'
import { messages } from './schema.ts'
import { appendMessage, getMessage, isClientIdTaken } from './store.ts'
import { selectMessages, showBareMessage, showMessages } from './view.ts'

type Deps = { db: Database; bus: Bus }

/**
 * Write a message into a chat and tell its members. A send that is retried with
 * the same client id answers with the message that is there already.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN, CLIENT_ID_REUSED, VALIDATION
 */
export async function sendMessage(
  { db, bus }: Deps,
  chatId: string,
  senderId: string,
  content: SendMessageBody,
): Promise<Message> {
  const sender = await loadActor(db, chatId, senderId)
  allow(sender, { do: 'post' })
  try {
    const message = await writeMessage(db, sender, content)
    // What was allowed is not what they are any more: it is to be decided anew.
    if (!message) return await sendMessage({ db, bus }, chatId, senderId, content)
    bus.publish({ chatId }, { type: 'message.created', message })
    return message
  } catch (error) {
    if (!isClientIdTaken(error)) throw error
    return requireSent(db, chatId, senderId, content.clientId)
  }
}

/** Undefined when nothing was written because the sender's role has changed. */
function writeMessage(db: Database, sender: Actor, content: SendMessageBody) {
  const { fileIds = [] } = content
  if (fileIds.length === 0) return writeText(db, sender, content)
  return db.transaction(async (tx) => {
    const message = await writeText(tx, sender, content)
    if (!message) return undefined
    await attachFiles(tx, message.id, sender.user.id, fileIds)
    return getMessage(tx, message.id)
  })
}

async function writeText(
  db: Database | Transaction,
  { chat, member, user }: Actor,
  { body, clientId, replyToId }: SendMessageBody,
): Promise<Message | undefined> {
  if (replyToId !== undefined) await requireInChat(db, chat.id, replyToId)
  const mentions = await findMentions(db, chat.id, body)
  const content = { senderId: user.id, clientId, body, system: null, mentions }
  const row = await appendMessage(
    db,
    chat.id,
    { ...content, replyToId: replyToId ?? null },
    member.role,
  )
  if (!row) return undefined
  return row.replyToId === null ? showBareMessage(row, user) : getMessage(db, row.id)
}

/** One that was deleted can still be answered: it may have gone while the answer was written. */
async function requireInChat(db: Database | Transaction, chatId: string, messageId: string) {
  const rows = await db
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.id, messageId), eq(messages.chatId, chatId)))
  if (rows.length === 0) throw refuseField('replyToId', 'is not a message of this chat')
}

/** What a sender has written under a client id. */
async function requireSent(db: Database, chatId: string, senderId: string, clientId: string) {
  const rows = await selectMessages(db).where(
    and(eq(messages.senderId, senderId), eq(messages.clientId, clientId)),
  )
  const [sent] = await showMessages(db, rows, senderId)
  if (sent?.chatId !== chatId) {
    throw refuse('CLIENT_ID_REUSED', 'This clientId was used in another chat.')
  }
  return sent
}
