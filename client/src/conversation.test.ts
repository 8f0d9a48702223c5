import type { MessagePage } from '@beseda/protocol/messages'
import { expect, test } from 'vitest'
import { createConversation, missedMax } from './conversation.ts'
import { createRest } from './rest.ts'
import { chatId, makeMessage, makeRun } from './testing/messages.ts'
import { makeUnsentMemory, openUnsent } from './unsent.ts'

const page = (from: number, to: number): MessagePage => ({
  items: makeRun(from, to),
  nextCursor: null,
})

/** A conversation whose pages come when `answer` says so, in the order in which they were asked for. */
function open({ newestSeq = 0, unread = null as number | null } = {}) {
  const asked: { query: string; resolve: (page: MessagePage) => void }[] = []
  const fetch = (input: unknown) =>
    new Promise<Response>((resolve) =>
      asked.push({
        query: String(input).split('?')[1] ?? '',
        resolve: (body) => resolve(Response.json(body)),
      }),
    )
  const rest = createRest({ url: '', fetch, accessToken: () => 'token', renew: async () => false })
  const made = createConversation({
    rest,
    chatId,
    unsent: openUnsent(makeUnsentMemory(), 'anna'),
    newestSeq: () => newestSeq,
    unreadFrom: () => unread,
    onSent: () => {},
  })
  /** Answer the oldest question; it is what was asked. */
  async function answer(body: MessagePage) {
    await expect.poll(() => asked.length).toBeGreaterThan(0)
    const question = asked.shift()
    question?.resolve(body)
    return question?.query
  }
  const state = () => made.conversation.state.get()
  const seqs = () => state().messages.map(({ seq }) => seq)
  const run = () => [seqs()[0], seqs().at(-1)]
  return { ...made, asked, answer, state, seqs, run }
}

test('a message that arrives while the first page is on its way is there after it', async () => {
  const { conversation, receive, answer, seqs } = open()
  const loaded = conversation.load()
  receive([makeMessage(3)])
  await answer(page(1, 2))
  await loaded
  await answer(page(3, 3))
  await expect.poll(seqs).toEqual([1, 2, 3])
})

test('what was written before the socket was ready is fetched after the first page', async () => {
  const { conversation, catchUp, answer, seqs } = open()
  const loaded = conversation.load()
  catchUp(4)
  await answer(page(1, 2))
  await loaded
  await answer(page(3, 4))
  await expect.poll(seqs).toEqual([1, 2, 3, 4])
})

test('a message beyond the page that closes a gap is not lost', async () => {
  const { conversation, receive, answer, seqs } = open()
  const loaded = conversation.load()
  await answer(page(1, 2))
  await loaded
  receive([makeMessage(4)])
  receive([makeMessage(5)])
  await answer(page(3, 4))
  await answer(page(5, 5))
  await expect.poll(seqs).toEqual([1, 2, 3, 4, 5])
})

test('a closed conversation sends nothing more', async () => {
  const { conversation, close, asked } = open()
  close()
  conversation.send('for nobody')
  expect(asked).toHaveLength(0)
})

test('a chat with more than a page of unread messages opens around the first of them', async () => {
  const { conversation, answer, state, run } = open({ newestSeq: 500, unread: 101 })
  const loaded = conversation.load()
  expect(await answer(page(77, 126))).toBe('around=101')
  await loaded
  expect(run()).toEqual([77, 126])
  expect(state()).toMatchObject({ status: 'ready', hasOlder: true, hasNewer: true })
  const more = conversation.loadNewer()
  expect(await answer(page(127, 176))).toBe('after=126')
  await more
  expect(run()).toEqual([77, 176])
  const latest = conversation.showLatest()
  await answer(page(451, 500))
  await latest
  expect(run()).toEqual([451, 500])
  expect(state()).toMatchObject({ hasOlder: true, hasNewer: false })
})

test('a page that was asked for before a jump does not take the reader away from it', async () => {
  const { conversation, answer, state, run } = open({ newestSeq: 500 })
  const loaded = conversation.load()
  await answer(page(451, 500))
  await loaded
  const older = conversation.loadOlder()
  const jump = conversation.openAround(100)
  await answer({ items: [], nextCursor: null })
  await older
  await answer(page(76, 125))
  await jump
  expect(run()).toEqual([76, 125])
  expect(state()).toMatchObject({ hasOlder: true, hasNewer: true })
})

test('of two jumps the later one counts, whichever answer is first', async () => {
  const { conversation, asked, run } = open({ newestSeq: 500 })
  const jumps = [conversation.openAround(100), conversation.openAround(300)]
  await expect.poll(() => asked).toHaveLength(2)
  asked[1]?.resolve(page(276, 325))
  await jumps[1]
  asked[0]?.resolve(page(76, 125))
  await jumps[0]
  expect(run()).toEqual([276, 325])
})

test('thousands of missed messages are not fetched in a row', async () => {
  const { conversation, catchUp, asked, answer, state, run } = open()
  const loaded = conversation.load()
  await answer(page(1, 10))
  await loaded
  catchUp(5_000)
  expect(await answer(page(11, 110))).toBe('after=10&limit=100')
  await expect.poll(run).toEqual([1, 110])
  expect(state().hasNewer).toBe(true)
  expect(asked.map(({ query }) => query)).toEqual(['before=11&limit=10'])
  const more = conversation.loadNewer()
  asked.shift()
  await answer(page(111, 160))
  await more
  expect(run()).toEqual([1, 160])
})

test('as many missed messages as a few pages hold are fetched in a row', async () => {
  const { conversation, catchUp, answer, state, run } = open()
  const loaded = conversation.load()
  await answer(page(1, 10))
  await loaded
  catchUp(missedMax)
  await answer(page(11, 110))
  await answer(page(1, 10))
  await answer(page(111, 210))
  await answer(page(211, missedMax))
  await expect.poll(run).toEqual([1, missedMax])
  expect(state().hasNewer).toBe(false)
})

test('what happened to the messages that are held is seen after an absence', async () => {
  const { conversation, catchUp, answer, state } = open()
  const loaded = conversation.load()
  await answer(page(2, 201))
  await loaded
  catchUp(201)
  const edited = { ...makeMessage(3), body: 'edited' }
  expect(await answer(page(102, 201))).toBe('before=202&limit=100')
  expect(await answer({ items: [makeMessage(2), edited], nextCursor: null })).toBe(
    'before=102&limit=100',
  )
  await expect.poll(() => state().messages[1]?.body).toBe('edited')
  expect(state().messages).toHaveLength(200)
})

test('a page that an edit overtook is fetched again', async () => {
  const { conversation, replace, answer, state } = open()
  const loaded = conversation.load()
  const before = makeMessage(1)
  const after = { ...before, body: 'edited' }
  replace(after)
  await answer({ items: [before], nextCursor: null })
  await answer({ items: [after], nextCursor: null })
  await loaded
  expect(state().messages).toMatchObject([{ body: 'edited' }])
})
