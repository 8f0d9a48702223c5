import { messageSearchPageSchema } from '@beseda/protocol/messages'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import type { Person } from '../testing/person.ts'

let house: TestHouse
let anna: Person
let boris: Person
let stranger: Person
let groupId: string
let personalId: string
let foreignId: string

/** In the order in which they are written. */
const bodies = [
  'Поедем к горам в субботу',
  'Ёлка уже стоит, Вася?',
  'The children were running home',
  'see https://example.com/path_of/stars',
  '«ГОРЫ» зовут: пора!',
]

beforeAll(async () => {
  house = await openTestHouse()
  anna = await house.person('Анна')
  boris = await house.person('Борис')
  stranger = await house.person('Somebody else')
  groupId = (await anna.group([boris.id], 'Поход')).id
  for (const body of bodies) await anna.send(groupId, body)
  personalId = (await anna.personalChat(boris.id)).id
  await boris.send(personalId, 'горы или море')
  foreignId = (await stranger.group([], 'Not yours')).id
  await stranger.send(foreignId, 'чужие горы')
})
afterAll(() => house.close())

async function find(person: Person, query: Record<string, string>) {
  const reply = await person.call('GET', `/search/messages?${new URLSearchParams(query)}`)
  return messageSearchPageSchema.parse(reply.json())
}

async function found(q: string): Promise<string[]> {
  return (await find(anna, { q, chatId: groupId })).items.map(({ message }) => message.body)
}

describe('words', () => {
  const [mountains, tree, children, link, call] = bodies

  test.each([
    ['горы', [call, mountains]],
    ['гора', [call, mountains]],
    ['ГОРАМИ', [call, mountains]],
    ['горы суббота', [mountains]],
    ['суббота поехать', []],
    ['зов', [call]],
    ['зов пора', []],
    ['елка', [tree]],
    ['ЁЛКИ', [tree]],
    ['вас', [tree]],
    ['child', [children]],
    ['run', [children]],
    ['runs children', [children]],
    ['the home', [children]],
    ['stars', [link]],
    ['example com', [link]],
    ['path_of', [link]],
    ['ничего', []],
    ['!!! & | :* <->', []],
    ["'; DROP TABLE messages; --", []],
    ['гор:* | нет', []],
  ])('%s', async (q, expected) => {
    expect(await found(q)).toEqual(expected)
  })

  test('are those of the message as it is now', async () => {
    const message = await anna.send(groupId, 'первоначально')
    const place = `/chats/${groupId}/messages/${message.id}`
    await anna.call('PATCH', place, { body: 'исправлено' })
    expect(await found('первоначально')).toEqual([])
    expect(await found('исправлен')).toEqual(['исправлено'])
    await anna.call('DELETE', place)
    expect(await found('исправлено')).toEqual([])
  })
})

describe('whose', () => {
  test('messages of all own chats come, newest first, with their chats', async () => {
    const { items } = await find(anna, { q: 'горы' })
    expect(items.map(({ message, chat }) => [message.body, chat])).toEqual([
      ['горы или море', { id: personalId, type: 'personal', name: null }],
      [bodies[4], { id: groupId, type: 'group', name: 'Поход' }],
      [bodies[0], { id: groupId, type: 'group', name: 'Поход' }],
    ])
  })

  test('another’s chat is never shown, also when it is asked for', async () => {
    const theirs = await find(stranger, { q: 'горы' })
    expect(theirs.items.map(({ message }) => message.chatId)).toEqual([foreignId])
    const reply = await anna.call('GET', `/search/messages?q=x&chatId=${foreignId}`)
    expect(reply.json().code).toBe('NOT_FOUND')
    expect((await find(anna, { q: 'горы', senderId: stranger.id })).items).toEqual([])
  })

  test('a chat that was left is not searched any more', async () => {
    const left = await anna.group([boris.id])
    await anna.send(left.id, 'прощание')
    expect((await find(boris, { q: 'прощание' })).items).toHaveLength(1)
    await boris.call('DELETE', `/chats/${left.id}/members/${boris.id}`)
    expect((await find(boris, { q: 'прощание' })).items).toEqual([])
  })

  test('the sender can be chosen', async () => {
    const { items } = await find(anna, { q: 'горы', senderId: boris.id })
    expect(items.map(({ message }) => message.body)).toEqual(['горы или море'])
  })
})

test('pages follow each other without a hole', async () => {
  const whole = (await find(anna, { q: 'горы' })).items
  const walked: typeof whole = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await find(anna, { q: 'горы', limit: '1', ...(cursor && { cursor }) })
    walked.push(...page.items)
    cursor = page.nextCursor
  }
  expect(walked).toEqual(whole)
})

test.each([
  '',
  'q=',
  'q=%20',
  `q=${'x'.repeat(101)}`,
  'q=%00',
  'q=a&q=b',
  'q=a&chatId=x',
  'q=a&senderId=x',
  'q=a&limit=0',
  'q=a&limit=101',
  'q=a&cursor=x',
  'q=a&unknown=1',
])('?%s is refused', async (query) => {
  expect((await anna.call('GET', `/search/messages?${query}`)).json().code).toBe('VALIDATION')
})
