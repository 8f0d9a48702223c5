import type { Role } from '@beseda/protocol/permissions'
import { and, eq, inArray } from 'drizzle-orm'
import { allow, loadMembership } from '../chats/membership.ts'
import { chatMembers } from '../chats/schema.ts'
import type { Database, Transaction } from '../db/database.ts'
import type { Bus } from '../events/bus.ts'
import type { FileFolder } from '../files/folder.ts'
import { deleteAttachments } from './attachments.ts'
import { announceUpdate, lockMessage, type Place } from './change.ts'
import { messages, reactions } from './schema.ts'
import { searchWordsOf } from './search-words.ts'
import { getMessage } from './store.ts'

/**
 * Take a message's content away, files too, and tell the chat. The message keeps
 * its `seq` and its sender; one that was deleted already stays as it is.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN
 */
export async function deleteMessage(
  { db, bus, folder }: { db: Database; bus: Bus; folder: FileFolder },
  place: Place,
  userId: string,
): Promise<void> {
  const done = await db.transaction(async (tx) => {
    const membership = await loadMembership(tx, place.chatId, userId)
    const { senderId, deletedAt } = await lockMessage(tx, place)
    const senderRole = await roleOf(tx, place.chatId, senderId)
    allow(membership, { do: 'deleteMessage', own: senderId === userId, senderRole })
    if (deletedAt) return undefined
    const fileIds = await emptyMessages(tx, [place.messageId])
    return { message: await getMessage(tx, place.messageId), fileIds }
  })
  if (!done) return
  announceUpdate(bus, done.message)
  await folder.remove(done.fileIds)
}

/**
 * Take everything away from messages, so that they are deleted ones; they keep their `seq`
 * and their sender: histories have no gaps.
 *
 * @returns ids of the files that they carried, which are to be taken from the disk
 */
export async function emptyMessages(tx: Transaction, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const fileIds = await deleteAttachments(tx, ids)
  await tx.delete(reactions).where(inArray(reactions.messageId, ids))
  await tx
    .update(messages)
    .set({
      body: '',
      searchWords: searchWordsOf(''),
      mentions: [],
      replyToId: null,
      pinnedAt: null,
      editedAt: null,
      deletedAt: new Date(),
    })
    .where(inArray(messages.id, ids))
  return fileIds
}

/** @returns null when the sender is a member no longer */
async function roleOf(
  tx: Transaction,
  chatId: string,
  userId: string | null,
): Promise<Role | null> {
  if (userId === null) return null
  const [row] = await tx
    .select({ role: chatMembers.role })
    .from(chatMembers)
    .where(and(eq(chatMembers.chatId, chatId), eq(chatMembers.userId, userId)))
  return row?.role ?? null
}
