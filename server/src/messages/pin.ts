import { limits } from '@beseda/protocol/limits'
import type { Message, MessagePage } from '@beseda/protocol/messages'
import { and, desc, eq, isNotNull } from 'drizzle-orm'
import { allow, lockMembership } from '../chats/membership.ts'
import { requireUser } from '../chats/people.ts'
import type { Database, Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import type { Bus } from '../events/bus.ts'
import { announceUpdate, lockWrittenMessage, type Place } from './change.ts'
import { type MessageRow, messages } from './schema.ts'
import { getMessage, writeSystemMessage } from './store.ts'
import { selectMessages, showMessages } from './view.ts'

type Deps = { db: Database; bus: Bus }

/**
 * Pin a message and tell the chat, with a system message; one that is pinned stays so.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN, LIMIT_REACHED
 */
export async function pinMessage({ db, bus }: Deps, place: Place, userId: string): Promise<void> {
  const { chatId, messageId } = place
  const done = await db.transaction(async (tx) => {
    const row = await lockForPin(tx, place, userId)
    if (row.pinnedAt) return undefined
    await requireRoom(tx, chatId)
    const pinned = await writePin(tx, messageId, new Date())
    return { pinned, notice: await writeNotice(tx, row, userId) }
  })
  if (!done) return
  announceUpdate(bus, done.pinned)
  bus.publish({ chatId }, { type: 'message.created', message: done.notice })
}

/**
 * Take a message off the pinned ones and tell the chat, unless it is none of them.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN
 */
export async function unpinMessage({ db, bus }: Deps, place: Place, userId: string): Promise<void> {
  const message = await db.transaction(async (tx) => {
    const { pinnedAt } = await lockForPin(tx, place, userId)
    return pinnedAt ? writePin(tx, place.messageId, null) : undefined
  })
  if (message) announceUpdate(bus, message)
}

/** All pinned messages of a chat as one reader sees them, the one that was pinned last first. */
export async function listPins(
  db: Database,
  chatId: string,
  readerId: string,
): Promise<MessagePage> {
  const rows = await selectMessages(db)
    .where(isPinnedIn(chatId))
    .orderBy(desc(messages.pinnedAt), desc(messages.seq))
    .limit(limits.pinsMax)
  return { items: await showMessages(db, rows, readerId), nextCursor: null }
}

/** The chat's row is held too, so that the pins can be counted. */
async function lockForPin(tx: Transaction, place: Place, userId: string): Promise<MessageRow> {
  allow(await lockMembership(tx, place.chatId, userId), { do: 'pin' })
  return lockWrittenMessage(tx, place)
}

async function requireRoom(tx: Transaction, chatId: string) {
  const count = await tx.$count(messages, isPinnedIn(chatId))
  if (count >= limits.pinsMax) {
    throw refuse('LIMIT_REACHED', `A chat has ${limits.pinsMax} pinned messages at most.`)
  }
}

async function writePin(
  tx: Transaction,
  messageId: string,
  pinnedAt: Date | null,
): Promise<Message> {
  await tx.update(messages).set({ pinnedAt }).where(eq(messages.id, messageId))
  return getMessage(tx, messageId)
}

async function writeNotice(tx: Transaction, { chatId, seq }: MessageRow, userId: string) {
  const actor = await requireUser(tx, userId)
  return writeSystemMessage(tx, chatId, userId, { event: 'message.pinned', actor, seq })
}

function isPinnedIn(chatId: string) {
  return and(eq(messages.chatId, chatId), isNotNull(messages.pinnedAt))
}
