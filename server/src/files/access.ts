import { and, eq, getTableColumns, isNull, type SQL, sql } from 'drizzle-orm'
import { chatMembers, chats } from '../chats/schema.ts'
import type { Database } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { messageFiles, messages } from '../messages/schema.ts'
import { users } from '../users/schema.ts'
import { type FileRow, files } from './schema.ts'

/** What a reader and a file have to do with each other, at this moment. */
export type Relation = {
  /** The reader uploaded it. */
  isOwner: boolean
  /** It is somebody's picture, or a chat's. */
  isPicture: boolean
  /** A message that is there carries it, in a chat that the reader is in. */
  isCarried: boolean
}

/** Who may read a file: its owner, everybody who is signed in for pictures, else the chat's members. */
export function mayRead({ isOwner, isPicture, isCarried }: Relation): boolean {
  return isOwner || isPicture || isCarried
}

/**
 * A file, for a reader who may read it now.
 *
 * @throws Refusal NOT_FOUND also when it is there and the reader may not
 */
export async function getReadableFile(
  db: Database,
  fileId: string,
  readerId: string,
): Promise<FileRow> {
  const [row] = await db
    .select({
      file: getTableColumns(files),
      isOwner: sql<boolean>`${files.ownerId} = ${readerId}`,
      isPicture: isPicture(db),
      isCarried: isCarriedTo(db, readerId),
    })
    .from(files)
    .where(eq(files.id, fileId))
  if (!row || !mayRead(row)) throw refuse('NOT_FOUND', 'There is no such file.')
  return row.file
}

/** For a query of `files`: whether the row is anybody's or any chat's picture. */
export function isPicture(db: Pick<Database, 'select'>): SQL<boolean> {
  const ofUser = db.select({ id: users.id }).from(users).where(eq(users.avatarId, files.id))
  const ofChat = db.select({ id: chats.id }).from(chats).where(eq(chats.avatarId, files.id))
  return sql<boolean>`(exists ${ofUser} or exists ${ofChat})`
}

function isCarriedTo(db: Database, readerId: string): SQL<boolean> {
  const carrying = db
    .select({ id: messages.id })
    .from(messageFiles)
    .innerJoin(messages, eq(messages.id, messageFiles.messageId))
    .innerJoin(
      chatMembers,
      and(eq(chatMembers.chatId, messages.chatId), eq(chatMembers.userId, readerId)),
    )
    .where(and(eq(messageFiles.fileId, files.id), isNull(messages.deletedAt)))
  return sql<boolean>`exists ${carrying}`
}
