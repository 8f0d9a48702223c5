import type { Member, memberListQuerySchema } from '@beseda/protocol/chats'
import type { Page } from '@beseda/protocol/pages'
import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import type { Database, Transaction } from '../db/database.ts'
import { refuse } from '../errors.ts'
import { cutPage, parseCursor } from '../http/cursor.ts'
import type { Services } from '../services.ts'
import { users } from '../users/schema.ts'
import { nameMatches, rankOf, setSimilarity } from '../users/search.ts'
import { showUsers } from '../users/store.ts'
import { chatMembers } from './schema.ts'

type Deps = Pick<Services, 'db' | 'connections'>
type Query = z.output<typeof memberListQuerySchema>

const placeSchema = z.tuple([z.int32(), z.int32(), z.string(), z.uuid()])
const adder = alias(users, 'adder')

/** The folded display name, which follows the username in what the user search compares. */
const nameKey = sql<string>`substr(${users.searchText}, length(${users.username}) + 2)`
const roleRank = sql<number>`(CASE ${chatMembers.role} WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 ELSE 2 END)`

/**
 * A page of a chat's members by role and then name. `q` finds by name, typos allowed: those whom
 * it fits best come first.
 */
export async function listMembers(
  { db, connections }: Deps,
  chatId: string,
  { q, cursor, limit }: Query,
): Promise<Page<Member>> {
  const place = parseCursor(placeSchema, cursor)
  const match = rankOf(q)
  const rows = await db.transaction(async (tx) => {
    await setSimilarity(tx)
    return selectMembers(tx, chatId, and(nameMatches(q), place && isAfter(match, place)), match)
      .orderBy(asc(match), asc(roleRank), asc(nameKey), asc(chatMembers.userId))
      .limit(limit + 1)
  })
  const page = cutPage(rows, limit, ({ match, roleRank, nameKey, member }) => [
    match,
    roleRank,
    nameKey,
    member.userId,
  ])
  return { items: await toMembers({ connections }, page.items), nextCursor: page.nextCursor }
}

/** @throws Refusal NOT_FOUND when the user is not a member */
export async function showMember(deps: Deps, chatId: string, userId: string): Promise<Member> {
  const rows = await selectMembers(deps.db, chatId, eq(chatMembers.userId, userId))
  const [member] = await toMembers(deps, rows)
  if (!member) throw refuse('NOT_FOUND', 'There is no such member.')
  return member
}

function selectMembers(
  db: Database | Transaction,
  chatId: string,
  which: SQL | undefined,
  match = rankOf(''),
) {
  return db
    .select({
      member: chatMembers,
      user: users,
      addedBy: {
        id: adder.id,
        username: adder.username,
        displayName: adder.displayName,
        avatarId: adder.avatarId,
      },
      match,
      roleRank,
      nameKey,
    })
    .from(chatMembers)
    .innerJoin(users, eq(users.id, chatMembers.userId))
    .leftJoin(adder, eq(adder.id, chatMembers.addedBy))
    .where(and(eq(chatMembers.chatId, chatId), which))
    .$dynamic()
}

type Row = Awaited<ReturnType<typeof selectMembers>>[number]

function isAfter(
  match: SQL<number>,
  [afterMatch, afterRank, afterName, afterId]: z.output<typeof placeSchema>,
): SQL {
  return sql`(${match}, ${roleRank}, ${nameKey}, ${chatMembers.userId}) > (${afterMatch}::int, ${afterRank}::int, ${afterName}::text, ${afterId}::uuid)`
}

async function toMembers(deps: Pick<Deps, 'connections'>, rows: Row[]): Promise<Member[]> {
  const shown = await showUsers(
    deps,
    rows.map((row) => row.user),
  )
  return rows.flatMap(({ member, addedBy }, index) => {
    const user = shown[index]
    const { role, permissions, joinedAt } = member
    return user ? [{ user, role, permissions, joinedAt: joinedAt.toISOString(), addedBy }] : []
  })
}
