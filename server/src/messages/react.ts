import { limits } from '@beseda/protocol/limits'
import { and, eq } from 'drizzle-orm'
import { allow, loadMembership } from '../chats/membership.ts'
import type { Database, Transaction } from '../db/database.ts'
import { refuseField } from '../errors.ts'
import type { Bus } from '../events/bus.ts'
import { lockWrittenMessage, type Place } from './change.ts'
import { reactions } from './schema.ts'

type Deps = { db: Database; bus: Bus }
type Mark = Place & { emoji: string }

/**
 * Put the user's reaction on a message and tell the chat, unless it is there already.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN, VALIDATION when the message bears too many different ones
 */
export async function addReaction({ db, bus }: Deps, mark: Mark, userId: string): Promise<void> {
  const { chatId, messageId, emoji } = mark
  const count = await db.transaction(async (tx) => {
    await lockForReaction(tx, mark, userId)
    await requireRoom(tx, messageId, emoji)
    const added = await tx
      .insert(reactions)
      .values({ messageId, userId, emoji, createdAt: new Date() })
      .onConflictDoNothing()
      .returning({ emoji: reactions.emoji })
    return added.length > 0 ? countOf(tx, mark) : null
  })
  if (count === null) return
  bus.publish({ chatId }, { type: 'reaction.added', chatId, messageId, userId, emoji, count })
}

/**
 * Take the user's reaction off a message and tell the chat, unless it is not there.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN
 */
export async function removeReaction({ db, bus }: Deps, mark: Mark, userId: string): Promise<void> {
  const { chatId, messageId, emoji } = mark
  const count = await db.transaction(async (tx) => {
    await lockForReaction(tx, mark, userId)
    const removed = await tx
      .delete(reactions)
      .where(
        and(
          eq(reactions.messageId, messageId),
          eq(reactions.emoji, emoji),
          eq(reactions.userId, userId),
        ),
      )
      .returning({ emoji: reactions.emoji })
    return removed.length > 0 ? countOf(tx, mark) : null
  })
  if (count === null) return
  bus.publish({ chatId }, { type: 'reaction.removed', chatId, messageId, userId, emoji, count })
}

/** Told with the event, so that who hears of it twice, by an event and by a page, counts once. */
const countOf = (tx: Transaction, { messageId, emoji }: Mark) =>
  tx.$count(reactions, and(eq(reactions.messageId, messageId), eq(reactions.emoji, emoji)))

/** With the message's row held, reactions to it come one after another. */
async function lockForReaction(tx: Transaction, place: Place, userId: string) {
  allow(await loadMembership(tx, place.chatId, userId), { do: 'react' })
  await lockWrittenMessage(tx, place)
}

async function requireRoom(tx: Transaction, messageId: string, emoji: string) {
  const rows = await tx
    .selectDistinct({ emoji: reactions.emoji })
    .from(reactions)
    .where(eq(reactions.messageId, messageId))
  const max = limits.reactionsPerMessageMax
  if (rows.length >= max && !rows.some((row) => row.emoji === emoji)) {
    throw refuseField('emoji', `is one too many: a message bears ${max} different reactions`)
  }
}
