import { limits } from '@beseda/protocol/limits'
import { and, eq, inArray } from 'drizzle-orm'
import { chatMembers } from '../chats/schema.ts'
import type { Database, Transaction } from '../db/database.ts'
import { users } from '../users/schema.ts'

/** An `@` at the beginning of a word, and what may be a username after it. */
const mentionPattern = /(?<![\p{L}\p{N}_.@-])@([a-z0-9][a-z0-9_.-]*)/giu

/**
 * What a body may mean by each `@…`, the longest reading first: a dot at the end
 * belongs to the sentence unless there is somebody whose name ends with it.
 */
export function mentionCandidates(body: string): string[][] {
  return [...body.matchAll(mentionPattern)].map(([, name = '']) => readingsOf(name.toLowerCase()))
}

function readingsOf(name: string): string[] {
  const readings = [name]
  for (let rest = name; /[_.-]$/.test(rest); ) {
    rest = rest.slice(0, -1)
    readings.push(rest)
  }
  return readings.filter(({ length }) => length <= limits.usernameMax)
}

/** Ids of the members whom a body names, each once, in the order of the text. */
export async function findMentions(
  db: Database | Transaction,
  chatId: string,
  body: string,
): Promise<string[]> {
  const candidates = mentionCandidates(body)
  const names = [...new Set(candidates.flat())]
  if (names.length === 0) return []
  const rows = await db
    .select({ id: users.id, username: users.username })
    .from(users)
    .innerJoin(chatMembers, and(eq(chatMembers.userId, users.id), eq(chatMembers.chatId, chatId)))
    .where(inArray(users.username, names))
  const idByName = new Map(rows.map(({ id, username }) => [username, id]))
  const ids = candidates.map((readings) =>
    idByName.get(readings.find((it) => idByName.has(it)) ?? ''),
  )
  return [...new Set(ids.filter((id) => id !== undefined))]
}
