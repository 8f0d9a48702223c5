import type { StoredFile } from '@beseda/protocol/files'
import { and, asc, eq, getTableColumns, inArray } from 'drizzle-orm'
import type { Database, Transaction } from '../db/database.ts'
import { refuseField } from '../errors.ts'
import { files } from '../files/schema.ts'
import { toStoredFile } from '../files/store.ts'
import { messageFiles, messages } from './schema.ts'

/**
 * Hang uploads on a message that has just been written, in their order. Their
 * rows stay held until the transaction ends, so that no other message takes them.
 *
 * @throws Refusal VALIDATION unless all are the sender's own attachments, not sent before
 */
export async function attachFiles(
  tx: Transaction,
  messageId: string,
  senderId: string,
  fileIds: string[],
): Promise<void> {
  if (fileIds.length === 0) return
  const own = await tx
    .select({ id: files.id })
    .from(files)
    .where(
      and(inArray(files.id, fileIds), eq(files.ownerId, senderId), eq(files.purpose, 'attachment')),
    )
    // In one order for everybody, so that two sends never wait for each other.
    .orderBy(files.id)
    .for('update')
  if (own.length < fileIds.length) {
    throw refuseField('fileIds', 'names what is not an attachment that you uploaded')
  }
  const sent = await tx.$count(messageFiles, inArray(messageFiles.fileId, fileIds))
  if (sent > 0) throw refuseField('fileIds', 'names a file that was sent already')
  await tx
    .insert(messageFiles)
    .values(fileIds.map((fileId, position) => ({ messageId, position, fileId })))
}

/** The files of each message that carries any, in their order. */
export async function attachmentsOf(
  db: Database | Transaction,
  messageIds: string[],
): Promise<Map<string, StoredFile[]>> {
  if (messageIds.length === 0) return new Map()
  const rows = await db
    .select({ messageId: messageFiles.messageId, file: getTableColumns(files) })
    .from(messageFiles)
    .innerJoin(files, eq(files.id, messageFiles.fileId))
    .where(inArray(messageFiles.messageId, messageIds))
    .orderBy(asc(messageFiles.messageId), asc(messageFiles.position))
  const byMessage = Map.groupBy(rows, ({ messageId }) => messageId)
  return new Map(
    [...byMessage].map(([id, carried]) => [id, carried.map(({ file }) => toStoredFile(file))]),
  )
}

/** Whether a message carries files. */
export async function hasAttachments(tx: Transaction, messageId: string): Promise<boolean> {
  return (await tx.$count(messageFiles, eq(messageFiles.messageId, messageId))) > 0
}

/**
 * Delete the rows of all files that a message carries. The caller removes their
 * bytes after the commit.
 *
 * @returns the ids of the files
 */
export async function deleteAttachments(tx: Transaction, messageIds: string[]): Promise<string[]> {
  const carried = tx
    .select({ fileId: messageFiles.fileId })
    .from(messageFiles)
    .where(inArray(messageFiles.messageId, messageIds))
  const rows = await tx.delete(files).where(inArray(files.id, carried)).returning({ id: files.id })
  return rows.map(({ id }) => id)
}

/** The same for all messages of a chat. */
export async function deleteChatAttachments(tx: Transaction, chatId: string): Promise<string[]> {
  const carried = tx
    .select({ fileId: messageFiles.fileId })
    .from(messageFiles)
    .innerJoin(messages, eq(messages.id, messageFiles.messageId))
    .where(eq(messages.chatId, chatId))
  const rows = await tx.delete(files).where(inArray(files.id, carried)).returning({ id: files.id })
  return rows.map(({ id }) => id)
}
