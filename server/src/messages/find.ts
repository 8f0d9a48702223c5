import { and, count, eq, type SQL, sql } from 'drizzle-orm'
import { chatMembers } from '../chats/schema.ts'
import type { Database } from '../db/database.ts'
import { messages } from './schema.ts'

/** Messages looked through for words before the index of words is asked, in all chats and in one. */
const lookedThrough = { all: 20_000, min: 200, max: 10_000 }

export type Wanted = {
  readerId: string
  /** What `search_words` has to match. */
  query: SQL
  chatId?: string | undefined
  senderId?: string | undefined
  /** When the last message of the page before was written, and its id. */
  place?: [string, string] | undefined
  limit: number
}

/**
 * The newest messages that match, among those that the reader may see. The
 * index of words knows no order, and a common word's millions would have to be
 * sorted; but then some of the newest messages have it. So those are looked
 * through first, and the index is asked when they do not fill the page: a word
 * that is rare among them is seldom common elsewhere.
 *
 * @returns ids, newest first
 */
export async function findNewest(db: Database, wanted: Wanted): Promise<string[]> {
  return (await amongNewest(db, wanted)) ?? (await byIndex(db, wanted))
}

/** The page out of the newest messages of each chat; null when older ones might belong to it. */
async function amongNewest(db: Database, wanted: Wanted): Promise<string[] | null> {
  const { query, senderId, limit } = wanted
  const mine = ownChats(wanted)
  const [chats] = await db.select({ count: count() }).from(chatMembers).where(mine)
  const share = Math.floor(lookedThrough.all / Math.max(1, chats?.count ?? 0))
  const window = Math.min(lookedThrough.max, Math.max(lookedThrough.min, share))
  const newest = sql`
    FROM ${messages}
    WHERE ${messages.chatId} = own.chat_id AND ${isAfterPlace(wanted)}
    ORDER BY ${messages.createdAt} DESC, ${messages.id} DESC`

  const { rows } = await db.execute<{ id: string | null; known: boolean; whole: boolean }>(sql`
    WITH own AS (SELECT ${chatMembers.chatId} FROM ${chatMembers} WHERE ${mine}),
    edge AS (
      SELECT max(next.created_at) AS at FROM own CROSS JOIN LATERAL (
        SELECT ${messages.createdAt} ${newest} OFFSET ${window} LIMIT 1
      ) AS next
    ),
    found AS (
      SELECT hit.id, hit.created_at FROM own CROSS JOIN LATERAL (
        SELECT looked.id, looked.created_at
        FROM (
          SELECT ${messages.id}, ${messages.createdAt}, ${messages.senderId}, ${messages.searchWords}
          ${newest} LIMIT ${window}
        ) AS looked
        WHERE looked.search_words @@ ${query}
          AND ${senderId === undefined ? sql`true` : sql`looked.sender_id = ${senderId}`}
        ORDER BY looked.created_at DESC, looked.id DESC LIMIT ${limit}
      ) AS hit
      ORDER BY hit.created_at DESC, hit.id DESC LIMIT ${limit}
    )
    SELECT found.id, edge.at IS NULL AS whole,
      edge.at IS NULL OR found.created_at > edge.at AS known
    FROM edge LEFT JOIN found ON true
    ORDER BY found.created_at DESC, found.id DESC`)
  const ids = rows.flatMap(({ id }) => (id === null ? [] : [id]))
  const isFull = ids.length === limit && rows.every(({ known }) => known)
  return isFull || rows[0]?.whole ? ids : null
}

/**
 * The matches are found apart from their order: given both, the planner walks the messages from
 * the newest on because it takes most words for common ones, past a million that do not match.
 */
async function byIndex(db: Database, wanted: Wanted): Promise<string[]> {
  const { query, senderId, limit } = wanted
  const found = db
    .select({ id: messages.id, at: messages.createdAt })
    .from(messages)
    .innerJoin(chatMembers, and(eq(chatMembers.chatId, messages.chatId), ownChats(wanted)))
    .where(
      and(
        sql`${messages.searchWords} @@ ${query}`,
        senderId === undefined ? undefined : eq(messages.senderId, senderId),
        isAfterPlace(wanted),
      ),
    )
  const { rows } = await db.execute<{ id: string }>(sql`
    WITH found (id, at) AS MATERIALIZED (${found})
    SELECT id FROM found ORDER BY at DESC, id DESC LIMIT ${limit}`)
  return rows.map(({ id }) => id)
}

const ownChats = ({ readerId, chatId }: Wanted) =>
  and(
    eq(chatMembers.userId, readerId),
    chatId === undefined ? undefined : eq(chatMembers.chatId, chatId),
  )

/** Written before the last message of the page before. */
const isAfterPlace = ({ place }: Wanted) =>
  place
    ? sql`(${messages.createdAt}, ${messages.id}) < (${place[0]}::timestamptz, ${place[1]}::uuid)`
    : sql`true`
