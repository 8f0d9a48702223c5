import type { Chat } from '@beseda/protocol/chats'
import type { Message, ReadAnswer } from '@beseda/protocol/messages'
import { expect, test } from 'vitest'
import { createChats } from './chats.ts'
import type { Rest } from './rest.ts'
import { makeUnsentMemory } from './unsent.ts'

const self = 'anna'
const chat = {
  id: 'chat',
  lastSeq: 3,
  createdAt: '2026-01-01T00:00:00Z',
  lastMessage: null,
  unreadCount: 3,
  mentionCount: 0,
  self: { readSeq: 0 },
} as unknown as Chat

const message = (seq: number, sender: string, mentions: string[] = [], chatId = 'chat') => ({
  type: 'message.created' as const,
  message: {
    id: String(seq),
    chatId,
    seq,
    createdAt: '2026-01-01T00:00:00Z',
    sender: { id: sender },
    system: null,
    mentions,
  } as unknown as Message,
})

/** One chat with three unread messages; the answers to read markers wait until they are given. */
async function open() {
  const answers: ((answer: ReadAnswer) => void)[] = []
  /** Requests for a chat that wait for their answer. */
  const asked: PromiseWithResolvers<Chat>[] = []
  const list = { answer: async () => [chat] }
  const ask = () => {
    const request = Promise.withResolvers<Chat>()
    asked.push(request)
    return request.promise
  }
  const rest = {
    chats: async () => ({ items: await list.answer(), nextCursor: null }),
    chat: ask,
    createChat: ask,
    joinByInvite: ask,
    markRead: () => new Promise<ReadAnswer>((resolve) => answers.push(resolve)),
  } as unknown as Rest
  const { chats, apply } = createChats({
    rest,
    selfId: () => self,
    unsentStorage: makeUnsentMemory(),
  })
  await chats.load()
  const unread = () => {
    const [held] = chats.state.get().chats
    return [held?.unreadCount, held?.mentionCount]
  }
  const find = (id: string) => chats.state.get().chats.find((held) => held.id === id)
  return { chats, apply, answers, unread, asked, list, find }
}

test('what arrives before the answer to a read marker is counted once, whichever comes first', async () => {
  const { chats, apply, answers, unread } = await open()
  const reading = chats.markRead('chat', 2)
  apply(message(4, 'boris'))
  // The answer knows of the fourth and of a fifth whose event is still on its way.
  answers[0]?.({ seq: 2, lastSeq: 5, unreadCount: 3, mentionCount: 1 })
  await reading
  expect(unread()).toEqual([3, 1])
  apply(message(5, 'boris', [self]))
  expect(unread()).toEqual([3, 1])
  apply(message(6, 'boris', [self]))
  expect(unread()).toEqual([4, 2])
})

test('an answer that was counted earlier does not take back what came since', async () => {
  const { chats, apply, answers, unread } = await open()
  const reading = chats.markRead('chat', 3)
  expect(unread()).toEqual([0, 0])
  apply(message(4, 'boris', [self]))
  answers[0]?.({ seq: 3, lastSeq: 3, unreadCount: 0, mentionCount: 0 })
  await reading
  expect(unread()).toEqual([1, 1])
})

test('whoever answers in a chat has read it; an older marker says nothing against a newer', async () => {
  const { chats, apply, answers, unread } = await open()
  const older = chats.markRead('chat', 1)
  const newer = chats.markRead('chat', 2)
  apply(message(4, self))
  answers[1]?.({ seq: 2, lastSeq: 3, unreadCount: 1, mentionCount: 0 })
  await newer
  expect(unread()).toEqual([0, 0])
  answers[0]?.({ seq: 1, lastSeq: 3, unreadCount: 2, mentionCount: 0 })
  await older
  expect(unread()).toEqual([0, 0])
})

test('what comes right behind the hello is not lost to a list that was made before it', async () => {
  const { apply, unread, list, find } = await open()
  const { promise, resolve } = Promise.withResolvers<Chat[]>()
  list.answer = () => promise
  apply({ type: 'ready', userId: self, heads: { chat: 3 } })
  apply(message(4, 'boris', [self]))
  apply({ type: 'chat.muted', chatId: 'chat', muted: true })
  resolve([chat])
  await expect.poll(() => find('chat')?.self.muted).toBe(true)
  expect(unread()).toEqual([4, 1])
})

test.each<[string, (opened: Awaited<ReturnType<typeof open>>) => unknown]>([
  ['one is added to', ({ apply }) => apply({ type: 'chat.created', chatId: 'new' })],
  ['one opens', ({ chats }) => chats.openPersonal('boris')],
  ['one joins', ({ chats }) => chats.join('code')],
])('what is written at once in a chat that %s is not lost', async (_, enter) => {
  const opened = await open()
  const { apply, asked, find } = opened
  void enter(opened)
  apply(message(2, 'boris', [self], 'new'))
  apply(message(4, 'boris'))
  asked[0]?.resolve({ ...chat, id: 'new', lastSeq: 1, unreadCount: 0 })
  await expect.poll(() => find('new')).toBeDefined()
  expect(find('new')).toMatchObject({ lastSeq: 2, unreadCount: 1, mentionCount: 1 })
  expect(find('chat')).toMatchObject({ lastSeq: 4, unreadCount: 4 })
})

test('a chat that closes before it was fetched stays away', async () => {
  const { apply, asked, find, chats } = await open()
  apply({ type: 'chat.created', chatId: 'new' })
  apply({ type: 'chat.closed', chatId: 'new', reason: 'removed', actor: 'boris' })
  asked[0]?.resolve({ ...chat, id: 'new' })
  await expect.poll(() => chats.closed.get()?.chatId).toBe('new')
  await asked[0]?.promise
  expect(find('new')).toBeUndefined()
})
