import type { Page } from '@beseda/protocol/pages'
import type { Status, userSearchQuerySchema } from '@beseda/protocol/users'
import { and, asc, getTableColumns, isNull, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Database, Transaction } from '../db/database.ts'
import { cutPage, parseCursor } from '../http/cursor.ts'
import type { Connections } from '../presence/connections.ts'
import { type UserRow, users } from './schema.ts'
import { foldName } from './search-text.ts'
import { otherSpelling } from './spelling.ts'

/** The least word similarity (0 to 1) that still counts as a typo. */
const similarityMin = 0.35

/** A shorter text has no use of the index. */
const trigramLength = 3

const placeSchema = z.tuple([z.int32(), z.string()])

/**
 * Find users by username or display name: exact matches first, then those that
 * begin a word with the query, then those that come near it. Disabled accounts are left out.
 */
export async function searchUsers(
  { db, connections }: { db: Database; connections: Connections },
  { q, status, cursor, limit }: z.output<typeof userSearchQuerySchema>,
  { disabledToo = false } = {},
): Promise<Page<UserRow>> {
  const text = textOf(q)
  const place = parseCursor(placeSchema, cursor)
  const byStatus = status && hasStatus(status, await connections.all())
  const open = disabledToo ? undefined : isNull(users.disabledAt)
  const rank = rankOf(q)

  const rows = await db.transaction(async (tx) => {
    await setSimilarity(tx)
    // The planner takes a comparison of trigrams for cheap and would make one with every user.
    const scan = text.length < trigramLength ? 'on' : 'off'
    await tx.execute(sql`SELECT set_config('enable_seqscan', ${scan}, true)`)
    return tx
      .select({ ...getTableColumns(users), rank })
      .from(users)
      .where(and(nameMatches(q), open, byStatus, place && isAfter(rank, place)))
      .orderBy(asc(rank), asc(users.username))
      .limit(limit + 1)
  })
  return cutPage(rows, limit, (row) => [row.rank, row.username])
}

/** Set, for the transaction, how near a name must come for `nameMatches`. */
export async function setSimilarity(tx: Transaction): Promise<void> {
  await tx.execute(
    sql`SELECT set_config('pg_trgm.word_similarity_threshold', ${String(similarityMin)}, true)`,
  )
}

/**
 * Whether a user's names contain the text, in Latin or Cyrillic letters, or come near it;
 * an empty text asks for nothing.
 */
export function nameMatches(q: string): SQL | undefined {
  const text = textOf(q)
  if (text === '') return undefined
  const other = otherSpelling(text)
  return other === null ? spelledLike(text) : sql`(${spelledLike(text)} OR ${spelledLike(other)})`
}

function spelledLike(text: string): SQL {
  const holds = sql`${users.searchText} LIKE ${`%${escapeLike(text)}%`}`
  // In a letter or two there is nothing to mistype.
  if (text.length < trigramLength) return holds
  // The `%` operator of pg_trgm looks at the index; the threshold is `setSimilarity`'s.
  return sql`(${holds} OR ${text} <% ${users.searchText} OR ${beginsSwapped(text)})`
}

/** Two neighbours exchanged leave a short name no trigram in common with itself, so they are tried. */
function beginsSwapped(text: string): SQL {
  const patterns = swapped(text).flatMap((variant) => {
    const prefix = `${escapeLike(variant)}%`
    return [prefix, `% ${prefix}`]
  })
  return sql`${users.searchText} LIKE ANY(${sql.param(patterns)}::text[])`
}

/** A short word with each pair of neighbouring letters exchanged; none of a longer text. */
function swapped(text: string): string[] {
  const letters = [...text]
  if (letters.length < 3 || letters.length > 6) return []
  return letters.slice(1).map((letter, at) => {
    const before = letters[at] ?? ''
    return [...letters.slice(0, at), letter, before, ...letters.slice(at + 2)].join('')
  })
}

const textOf = (q: string) => foldName(q).replaceAll('\u0000', '')

/**
 * How well a user's names fit, as a whole number, best first: −3000 exact, −2000 the beginning of
 * a word, −600 the same with two letters exchanged, else by similarity.
 */
export function rankOf(q: string): SQL<number> {
  const text = textOf(q)
  // A bare 0 would be a column's number to ORDER BY.
  if (text === '') return sql<number>`0::int`
  const other = otherSpelling(text)
  // Between two that fit alike the one in the letters that were typed comes first.
  return other === null
    ? spellingRank(text)
    : sql<number>`LEAST(${spellingRank(text)}, ${spellingRank(other)} + 1)`
}

function spellingRank(text: string): SQL<number> {
  const prefix = `${escapeLike(text)}%`
  return sql<number>`(CASE
    WHEN ${users.username} = ${text} OR ${users.searchText} = ${users.username} || ' ' || ${text} THEN -3000
    WHEN ${users.searchText} LIKE ${prefix} OR ${users.searchText} LIKE ${`% ${prefix}`} THEN -2000
    WHEN ${beginsSwapped(text)} THEN -600
    ELSE -round(1000 * word_similarity(${text}, ${users.searchText}))::int END)`
}

function isAfter(rank: SQL<number>, [afterRank, afterName]: z.output<typeof placeSchema>): SQL {
  return sql`(${rank}, ${users.username}) > (${afterRank}::int, ${afterName}::text)`
}

function hasStatus(status: Status, connected: Map<string, 'awake' | 'away'>): SQL {
  const ids = [...connected.keys()]
  const idle = ids.filter((id) => connected.get(id) === 'away')
  const isOneOf = (list: string[]) => sql`${users.id} = ANY(${sql.param(list)}::uuid[])`
  switch (status) {
    case 'offline':
      return sql`NOT ${isOneOf(ids)}`
    case 'dnd':
      return sql`${isOneOf(ids)} AND ${users.status} = 'dnd'`
    case 'away':
      return sql`(${isOneOf(ids)} AND ${users.status} = 'away' OR ${isOneOf(idle)} AND ${users.status} = 'online')`
    case 'online':
      return sql`${isOneOf(ids)} AND NOT ${isOneOf(idle)} AND ${users.status} = 'online'`
  }
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
