import type { StoredFile } from '@beseda/protocol/files'
import { and, eq } from 'drizzle-orm'
import type { Database, Transaction } from '../db/database.ts'
import { refuseField } from '../errors.ts'
import { type FileRow, files } from './schema.ts'

/** A file as the protocol shows it. */
export function toStoredFile(row: FileRow): StoredFile {
  const { id, name, mimeType, kind, size, width, height } = row
  return { id, name, mimeType, kind, size, width, height }
}

/** Write down a file whose bytes have been stored. */
export async function insertFile(db: Database, row: FileRow): Promise<void> {
  await db.insert(files).values(row)
}

/**
 * Make sure that a file can become a picture, and that it stays until the
 * transaction ends. An attachment can't: it may be of any size.
 *
 * @throws Refusal VALIDATION unless the user uploaded it as a picture
 */
export async function requireOwnPicture(
  tx: Transaction,
  fileId: string,
  userId: string,
): Promise<void> {
  const rows = await tx
    .select({ id: files.id })
    .from(files)
    .where(and(eq(files.id, fileId), eq(files.ownerId, userId), eq(files.purpose, 'avatar')))
    .for('key share')
  if (rows.length === 0) {
    throw refuseField('avatarId', 'is not a picture that you uploaded with purpose=avatar')
  }
}
