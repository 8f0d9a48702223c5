import type { FileKind, UploadPurpose } from '@beseda/protocol/files'
import { boolean, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { idColumn, momentColumn } from '../db/columns.ts'
import { users } from '../users/schema.ts'

/** What was uploaded; the bytes lie under DATA_DIR/files. */
export const files = pgTable('files', {
  id: idColumn(),
  ownerId: uuid('owner_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  purpose: text('purpose').$type<UploadPurpose>().notNull(),
  kind: text('kind').$type<FileKind>().notNull(),
  name: text('name').notNull(),
  mimeType: text('mime_type').notNull(),
  /** Bytes. */
  size: integer('size').notNull(),
  width: integer('width'),
  height: integer('height'),
  hasThumbnail: boolean('has_thumbnail').notNull(),
  createdAt: momentColumn('created_at').notNull(),
})
export type FileRow = typeof files.$inferSelect
