import type { FoundMessage, messageSearchQuerySchema } from '@beseda/protocol/messages'
import type { Page } from '@beseda/protocol/pages'
import { inArray } from 'drizzle-orm'
import { z } from 'zod'
import { loadMembership } from '../chats/membership.ts'
import { chats } from '../chats/schema.ts'
import type { Database } from '../db/database.ts'
import { cutPage, momentSchema, parseCursor } from '../http/cursor.ts'
import { findNewest } from './find.ts'
import { messages } from './schema.ts'
import { searchQueryOf } from './search-words.ts'
import { selectMessages, showMessages } from './view.ts'

const placeSchema = z.tuple([momentSchema, z.uuid()])

/**
 * Find messages in the chats that the reader is in, newest first.
 *
 * @throws Refusal NOT_FOUND when the reader is not in the asked chat, VALIDATION
 */
export async function searchMessages(
  db: Database,
  readerId: string,
  { q, chatId, senderId, cursor, limit }: z.output<typeof messageSearchQuerySchema>,
): Promise<Page<FoundMessage>> {
  const place = parseCursor(placeSchema, cursor)
  if (chatId !== undefined) await loadMembership(db, chatId, readerId)
  const query = searchQueryOf(q)
  if (!query) return { items: [], nextCursor: null }

  const ids = await findNewest(db, {
    readerId,
    query,
    chatId,
    senderId,
    place,
    limit: limit + 1,
  })
  const rows = ids.length > 0 ? await selectMessages(db).where(inArray(messages.id, ids)) : []
  const at = new Map(ids.map((id, index) => [id, index]))
  const sorted = rows.sort((a, b) => (at.get(a.message.id) ?? 0) - (at.get(b.message.id) ?? 0))
  const { items, nextCursor } = cutPage(sorted, limit, ({ message }) => [
    message.createdAt.toISOString(),
    message.id,
  ])
  return { items: await withChats(db, await showMessages(db, items, readerId)), nextCursor }
}

async function withChats(db: Database, found: FoundMessage['message'][]): Promise<FoundMessage[]> {
  const ids = [...new Set(found.map((message) => message.chatId))]
  if (ids.length === 0) return []
  const rows = await db
    .select({ id: chats.id, type: chats.type, name: chats.name })
    .from(chats)
    .where(inArray(chats.id, ids))
  const byId = new Map(rows.map((chat) => [chat.id, chat]))
  return found.flatMap((message) => {
    const chat = byId.get(message.chatId)
    return chat ? [{ message, chat }] : []
  })
}
