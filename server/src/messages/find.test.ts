import { chatSchema } from '@beseda/protocol/chats'
import { limits } from '@beseda/protocol/limits'
import { messageSearchPageSchema } from '@beseda/protocol/messages'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import type { Person } from '../testing/person.ts'

const size = 10_500
let house: TestHouse
let anna: Person
let boris: Person
let longId: string
let shortId: string

beforeAll(async () => {
  house = await openTestHouse()
  anna = await house.person('Анна')
  boris = await house.person('Борис')
  longId = (await anna.group([boris.id], 'Long')).id
  shortId = (await anna.group([boris.id], 'Short')).id
  // One message a minute; the word of the beginning is far from the end of the chat.
  await fill(longId, size, sql`CASE WHEN n <= 60 THEN 'ancient' ELSE 'common' END`)
  await fill(shortId, 40, sql`'ancient and common'`)
  await house.first.services.db.execute(
    sql`UPDATE messages SET mentions = ARRAY[${anna.id}::uuid] WHERE chat_id = ${longId} AND seq = 5`,
  )
})
afterAll(() => house.close())

/** Messages of Boris, a minute apart, the last of them now. */
async function fill(chatId: string, count: number, body: ReturnType<typeof sql>) {
  const { db } = house.first.services
  await db.execute(sql`DELETE FROM messages WHERE chat_id = ${chatId}`)
  await db.execute(sql`
    INSERT INTO messages (id, chat_id, seq, sender_id, body, search_words, created_at)
    SELECT gen_random_uuid(), ${chatId}, n, ${boris.id}, ${body}, to_tsvector('simple', ${body}),
      now() - (${count} - n) * interval '1 minute'
    FROM generate_series(1, ${count}::int) AS n`)
  await db.execute(sql`UPDATE chats SET last_seq = ${count} WHERE id = ${chatId}`)
}

/** All that is found, page by page: the chat and the number of each message. */
async function found(query: Record<string, string>, pages: number): Promise<[string, number][]> {
  const all: [string, number][] = []
  let cursor: string | null = null
  for (let page = 0; page < pages; page++) {
    const asked = new URLSearchParams({ ...query, limit: '50', ...(cursor && { cursor }) })
    const reply = await anna.call('GET', `/search/messages?${asked}`)
    const { items, nextCursor } = messageSearchPageSchema.parse(reply.json())
    all.push(...items.map(({ message }): [string, number] => [message.chatId, message.seq]))
    cursor = nextCursor
    if (cursor === null) break
  }
  return all
}

const down = (chatId: string, from: number, to: number): [string, number][] =>
  Array.from({ length: from - to + 1 }, (_, at) => [chatId, from - at])

test('a word of the newest messages is found page after page', async () => {
  expect(await found({ q: 'common', chatId: longId }, 3)).toEqual(down(longId, size, size - 149))
})

test('a word of long ago is found too, after all that is newer elsewhere', async () => {
  expect(await found({ q: 'ancient', chatId: longId }, 3)).toEqual(down(longId, 60, 1))
  expect(await found({ q: 'ancient' }, 9)).toEqual([
    ...down(shortId, 40, 1),
    ...down(longId, 60, 1),
  ])
})

test('the page comes out of several chats in the order of time', async () => {
  const both = [longId, shortId].flatMap((id) =>
    down(id, id === longId ? size : 40, id === longId ? size - 39 : 1),
  )
  const first = await found({ q: 'common' }, 1)
  expect(first).toHaveLength(50)
  for (const one of first) expect(both).toContainEqual(one)
  expect(new Set(first.map(([id]) => id))).toEqual(new Set([longId, shortId]))
})

test('unread messages are counted as far as anybody needs, mentions all', async () => {
  const chat = chatSchema.parse((await anna.call('GET', `/chats/${longId}`)).json())
  expect(chat.unreadCount).toBe(limits.unreadMax)
  expect(chat.mentionCount).toBe(1)
})
