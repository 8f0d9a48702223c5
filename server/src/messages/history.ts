import type { Message, MessagePage, messageListQuerySchema } from '@beseda/protocol/messages'
import { and, asc, desc, eq, gt, lt, lte, type SQL } from 'drizzle-orm'
import type { z } from 'zod'
import type { Database } from '../db/database.ts'
import { messages } from './schema.ts'
import { selectMessages, showMessages } from './view.ts'

/** Whose messages are read, and by whom. */
type Reading = { chatId: string; readerId: string }

/**
 * A page of a chat's history in ascending `seq`. Going back (or around) the
 * cursor is the oldest `seq` of the page, going forward the newest.
 */
export async function listMessages(
  db: Database,
  { lastSeq, ...reading }: Reading & { lastSeq: number },
  { before, after, around, limit }: z.output<typeof messageListQuerySchema>,
): Promise<MessagePage> {
  if (after !== undefined) {
    const items = await newer(db, reading, after, limit)
    const last = items.at(-1)
    const more = last !== undefined && last.seq < lastSeq
    return { items, nextCursor: more ? String(last.seq) : null }
  }
  const items =
    around === undefined
      ? await older(db, reading, before === undefined ? undefined : lt(messages.seq, before), limit)
      : await surrounding(db, reading, around, limit)
  const first = items[0]
  const more = first !== undefined && first.seq > 1
  return { items, nextCursor: more ? String(first.seq) : null }
}

/** Messages after `seq`, oldest first. */
export async function newer(
  db: Database,
  { chatId, readerId }: Reading,
  seq: number,
  limit: number,
): Promise<Message[]> {
  const rows = await selectMessages(db)
    .where(and(eq(messages.chatId, chatId), gt(messages.seq, seq)))
    .orderBy(asc(messages.seq))
    .limit(limit)
  return showMessages(db, rows, readerId)
}

async function older(
  db: Database,
  { chatId, readerId }: Reading,
  bound: SQL | undefined,
  limit: number,
): Promise<Message[]> {
  const rows = await selectMessages(db)
    .where(and(eq(messages.chatId, chatId), bound))
    .orderBy(desc(messages.seq))
    .limit(limit)
  return showMessages(db, rows.reverse(), readerId)
}

async function surrounding(
  db: Database,
  reading: Reading,
  seq: number,
  limit: number,
): Promise<Message[]> {
  const upTo = Math.ceil(limit / 2)
  const head = await older(db, reading, lte(messages.seq, seq), upTo)
  const tail = limit > upTo ? await newer(db, reading, seq, limit - upTo) : []
  return [...head, ...tail]
}
