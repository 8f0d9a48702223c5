import { chatPageSchema, chatSchema, memberPageSchema } from '@beseda/protocol/chats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import { crowd } from '../testing/crowd.ts'
import type { Person } from '../testing/person.ts'

const nobody = '01999999-0000-7000-8000-000000000000'

let house: TestHouse
let anna: Person
let boris: Person
beforeAll(async () => {
  house = await openTestHouse()
  anna = await house.person('Анна')
  boris = await house.person('Борис')
})
afterAll(() => house.close())

describe('personal chat', () => {
  test('is the same one for both, every time', async () => {
    const first = await anna.call('POST', '/chats', { type: 'personal', userId: boris.id })
    const again = await boris.call('POST', '/chats', { type: 'personal', userId: anna.id })
    expect([first.statusCode, again.statusCode]).toEqual([201, 200])
    expect(again.json().id).toBe(first.json().id)
    expect(chatSchema.parse(first.json())).toMatchObject({
      name: null,
      peer: { id: boris.id },
      memberCount: 2,
      lastSeq: 0,
      self: { role: 'member' },
    })
  })

  test('is one also when both open it at once', async () => {
    const [one, other] = [await house.person(), await house.person()]
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, index) => {
        const [from, to] = index % 2 ? [one, other] : [other, one]
        return from.call('POST', '/chats', { type: 'personal', userId: to.id })
      }),
    )
    expect(new Set(replies.map((reply) => reply.json().id)).size).toBe(1)
    expect(replies.filter((reply) => reply.statusCode === 201)).toHaveLength(1)
  })

  test.each([
    ['yourself', () => anna.id],
    ['nobody', () => nobody],
  ])('can not be had with %s', async (_name, userId) => {
    const reply = await anna.call('POST', '/chats', { type: 'personal', userId: userId() })
    expect(reply.statusCode).toBe(400)
    expect(reply.json()).toMatchObject({
      code: 'VALIDATION',
      issues: [{ path: expect.stringMatching(/^userId/) }],
    })
  })
})

describe('group', () => {
  test('starts with its members, an owner and a message that tells of it', async () => {
    const chat = await anna.group([boris.id, boris.id, anna.id], 'Поход')
    expect(chat).toMatchObject({
      name: 'Поход',
      memberCount: 2,
      lastSeq: 1,
      self: { role: 'owner' },
    })
    expect(chat.lastMessage?.system).toEqual({
      event: 'chat.created',
      actor: { id: anna.id, displayName: 'Анна' },
      name: 'Поход',
    })
    const seen = chatSchema.parse((await boris.call('GET', `/chats/${chat.id}`)).json())
    expect(seen).toMatchObject({ self: { role: 'member' }, unreadCount: 0 })
  })

  test('names the member that does not exist', async () => {
    const body = { type: 'group', name: 'x', memberIds: [boris.id, nobody] }
    const reply = await anna.call('POST', '/chats', body)
    expect(reply.json()).toMatchObject({ code: 'VALIDATION', issues: [{ path: 'memberIds.1' }] })
  })

  test('holds 100 members, a channel 1,000', async () => {
    const memberIds = await crowd(house, 1000)
    const group = (ids: string[]) =>
      anna.call('POST', '/chats', { type: 'group', name: 'x', memberIds: ids })
    expect((await group(memberIds.slice(0, 99))).json().memberCount).toBe(100)
    expect((await group(memberIds.slice(0, 100))).json().code).toBe('CHAT_FULL')
    const channel = (ids: string[]) =>
      anna.call('POST', '/chats', { type: 'channel', name: 'x', memberIds: ids })
    expect((await channel(memberIds.slice(0, 999))).json().memberCount).toBe(1000)
    expect((await channel(memberIds)).json().code).toBe('CHAT_FULL')
  })
})

describe('list', () => {
  test('puts the chat with the newest message first, in pages', async () => {
    const person = await house.person()
    const chats = [await person.group([]), await person.group([]), await person.group([])]
    const [oldest] = chats
    if (!oldest) throw new Error('no chat')
    await person.send(oldest.id, 'hello')
    const first = chatPageSchema.parse((await person.call('GET', '/chats?limit=2')).json())
    expect(first.items.map(({ id }) => id)).toEqual([oldest.id, chats[2]?.id])
    const rest = await person.call('GET', `/chats?limit=2&cursor=${first.nextCursor}`)
    expect(chatPageSchema.parse(rest.json())).toMatchObject({
      items: [{ id: chats[1]?.id }],
      nextCursor: null,
    })
  })

  test.each(['x', 'e30', Buffer.from('["x","y"]').toString('base64url')])(
    'refuses the cursor %s',
    async (cursor) => {
      const reply = await anna.call('GET', `/chats?cursor=${cursor}`)
      expect(reply.json()).toMatchObject({ code: 'VALIDATION', issues: [{ path: 'cursor' }] })
    },
  )
})

describe('members', () => {
  test('are listed in pages with who added them', async () => {
    const chat = await anna.group([])
    await anna.call('POST', `/chats/${chat.id}/members`, { userIds: [boris.id] })
    const first = await anna.call('GET', `/chats/${chat.id}/members?limit=1`)
    const { items, nextCursor } = memberPageSchema.parse(first.json())
    expect(items).toMatchObject([{ user: { id: anna.id }, role: 'owner', addedBy: null }])
    const rest = await anna.call('GET', `/chats/${chat.id}/members?cursor=${nextCursor}`)
    expect(memberPageSchema.parse(rest.json())).toMatchObject({
      items: [{ user: { id: boris.id }, role: 'member', addedBy: { id: anna.id } }],
      nextCursor: null,
    })
  })

  test('are added once, told of in one message, and have nothing unread', async () => {
    const chat = await anna.group([])
    await anna.send(chat.id, 'before')
    const carla = await house.person('Carla')
    const add = (userIds: string[]) => anna.call('POST', `/chats/${chat.id}/members`, { userIds })
    expect((await add([boris.id, carla.id, boris.id])).json()).toEqual({
      added: [boris.id, carla.id],
    })
    expect((await add([boris.id])).json()).toEqual({ added: [] })
    const seen = chatSchema.parse((await carla.call('GET', `/chats/${chat.id}`)).json())
    expect(seen).toMatchObject({ memberCount: 3, lastSeq: 3, unreadCount: 0 })
    expect(seen.lastMessage?.system).toMatchObject({
      event: 'member.added',
      users: [{ id: boris.id }, { id: carla.id }],
    })
  })

  test('are not added by whoever may not, nor to a personal chat', async () => {
    const carla = await house.person()
    const body = { userIds: [carla.id] }
    const group = await anna.group([boris.id])
    const byMember = await boris.call('POST', `/chats/${group.id}/members`, body)
    expect(byMember.json().code).toBe('FORBIDDEN')
    const personal = await anna.personalChat(boris.id)
    const third = await anna.call('POST', `/chats/${personal.id}/members`, body)
    expect(third.json().code).toBe('FORBIDDEN')
  })

  test('stop at exactly 100 when 20 are added at once to 95', async () => {
    const ids = await crowd(house, 114)
    const chat = await anna.group(ids.slice(0, 94))
    expect(chat.memberCount).toBe(95)
    const replies = await Promise.all(
      ids.slice(94).map((id) => anna.call('POST', `/chats/${chat.id}/members`, { userIds: [id] })),
    )
    const codes = replies.map((reply) => reply.statusCode)
    expect(codes.filter((code) => code === 200)).toHaveLength(5)
    expect(codes.filter((code) => code === 409)).toHaveLength(15)
    const members = await anna.call('GET', `/chats/${chat.id}/members?limit=100`)
    expect(memberPageSchema.parse(members.json())).toMatchObject({ nextCursor: null })
    expect(members.json().items).toHaveLength(100)
    const after = chatSchema.parse((await anna.call('GET', `/chats/${chat.id}`)).json())
    expect([after.memberCount, after.lastSeq]).toEqual([100, 6])
  })
})

test('nobody learns of a chat that they are not in', async () => {
  const stranger = await house.person()
  const { id } = await anna.group([])
  const replies = await Promise.all([
    stranger.call('GET', `/chats/${id}`),
    stranger.call('GET', `/chats/${id}/members`),
    stranger.call('POST', `/chats/${id}/members`, { userIds: [stranger.id] }),
    stranger.call('GET', `/chats/${id}/messages`),
    stranger.call('POST', `/chats/${id}/messages`, { body: 'x', clientId: nobody }),
    stranger.call('PUT', `/chats/${id}/read`, { seq: 1 }),
    stranger.call('GET', `/chats/${nobody}`),
  ])
  expect(replies.map((reply) => reply.json().code)).toEqual(replies.map(() => 'NOT_FOUND'))
})
