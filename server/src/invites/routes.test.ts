import { chatSchema } from '@beseda/protocol/chats'
import {
  type CreateInviteBody,
  inviteListSchema,
  invitePreviewSchema,
  inviteSchema,
} from '@beseda/protocol/invites'
import { limits } from '@beseda/protocol/limits'
import { eq } from 'drizzle-orm'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import { crowd } from '../testing/crowd.ts'
import type { Person } from '../testing/person.ts'
import { invites } from './schema.ts'

let house: TestHouse
let anna: Person
let boris: Person
let chatId: string
beforeAll(async () => {
  house = await openTestHouse()
  anna = await house.person('Анна')
  boris = await house.person('Борис')
})
afterAll(() => house.close())
beforeEach(async () => {
  chatId = (await anna.group([], 'Дача')).id
})

const create = (by: Person, body: CreateInviteBody = {}) =>
  by.call('POST', `/chats/${chatId}/invites`, body)
const invited = async (body?: CreateInviteBody) =>
  inviteSchema.parse((await create(anna, body)).json())
const join = (by: Person, code: string) => by.call('POST', `/invites/${code}/join`)
const preview = (code: string) =>
  house.first.app.inject({ method: 'GET', url: `/api/invites/${code}` })
const listed = async () =>
  inviteListSchema.parse((await anna.call('GET', `/chats/${chatId}/invites`)).json()).items
const expire = (code: string) =>
  house.first.services.db
    .update(invites)
    .set({ expiresAt: new Date(Date.now() - 1) })
    .where(eq(invites.code, code))
const people = (count: number) => Promise.all(Array.from({ length: count }, () => house.person()))

describe('an invitation', () => {
  test('is made, listed and revoked by whoever may invite', async () => {
    const first = await invited()
    const second = await invited({ expiresInSeconds: 3600, maxUses: 3 })
    expect(first).toMatchObject({ chatId, createdBy: { id: anna.id }, expiresAt: null, uses: 0 })
    const lives = Date.parse(second.expiresAt ?? '') - Date.parse(second.createdAt)
    expect([second.maxUses, lives]).toEqual([3, 3_600_000])
    expect((await listed()).map(({ code }) => code).sort()).toEqual(
      [first.code, second.code].sort(),
    )
    const revoked = await anna.call('DELETE', `/chats/${chatId}/invites/${first.code}`)
    expect(revoked.statusCode).toBe(204)
    expect(await listed()).toEqual([second])
  })

  test('is nobody else’s business', async () => {
    const { code } = await invited()
    await anna.call('POST', `/chats/${chatId}/members`, { userIds: [boris.id] })
    const replies = [
      await create(boris),
      await boris.call('GET', `/chats/${chatId}/invites`),
      await boris.call('DELETE', `/chats/${chatId}/invites/${code}`),
    ]
    expect(replies.map((reply) => reply.json().code)).toEqual(replies.map(() => 'FORBIDDEN'))
    const other = await boris.group([])
    const foreign = await boris.call('DELETE', `/chats/${other.id}/invites/${code}`)
    expect(foreign.json().code).toBe('NOT_FOUND')
    expect(await listed()).toHaveLength(1)
    const personal = await anna.personalChat(boris.id)
    const none = await anna.call('POST', `/chats/${personal.id}/invites`, {})
    expect(none.json().code).toBe('FORBIDDEN')
  })

  test('finds no room beside as many as a chat may have', async () => {
    await Promise.all(Array.from({ length: limits.invitesMax }, () => create(anna)))
    expect((await create(anna)).json().code).toBe('LIMIT_REACHED')
    const [one] = await listed()
    await anna.call('DELETE', `/chats/${chatId}/invites/${one?.code}`)
    expect((await create(anna)).statusCode).toBe(201)
  })
})

describe('a link', () => {
  test('shows where it leads, with or without an account', async () => {
    const { code } = await invited({ maxUses: 2 })
    const seen = invitePreviewSchema.parse((await preview(code)).json())
    expect(seen).toEqual({
      code,
      chat: { type: 'group', name: 'Дача', description: '', avatarId: null, memberCount: 1 },
      invitedBy: 'Анна',
      expiresAt: null,
      memberOf: null,
    })
    const own = await anna.call('GET', `/invites/${code}`)
    expect(invitePreviewSchema.parse(own.json()).memberOf).toBe(chatId)
    const headers = { authorization: 'Bearer nonsense' }
    const forged = await house.first.app.inject({ url: `/api/invites/${code}`, headers })
    expect(forged.json().code).toBe('UNAUTHORIZED')
  })

  test('lets somebody in, and tells everybody', async () => {
    const newcomer = await house.person('Новый')
    const [own, others] = [await newcomer.socket(), await anna.socket()]
    const { code } = await invited()
    const chat = chatSchema.parse((await join(newcomer, code)).json())
    expect(chat).toMatchObject({ id: chatId, memberCount: 2, unreadCount: 0 })
    expect(chat.lastMessage?.system).toEqual({
      event: 'member.joined',
      actor: { id: newcomer.id, displayName: 'Новый' },
    })
    await own.next('chat.created')
    const added = await others.next('member.added')
    expect(added).toMatchObject({ userIds: [newcomer.id], memberCount: 2 })
    await own.next('message.created', ({ message }) => message.seq === 2)
    await Promise.all([own.close(), others.close()])
  })

  test('uses nothing up for a member, and works for them to the end', async () => {
    const { code } = await invited({ maxUses: 1 })
    expect((await join(anna, code)).statusCode).toBe(200)
    expect((await join(boris, code)).statusCode).toBe(200)
    const again = await join(boris, code)
    expect([again.statusCode, again.json().id]).toEqual([200, chatId])
    expect((await join(await house.person(), code)).json().code).toBe('INVITE_USED_UP')
    const seen = await boris.call('GET', `/invites/${code}`)
    expect(seen.json().memberOf).toBe(chatId)
  })

  test('says why it works no longer', async () => {
    const [old, back, unknown] = [await invited(), await invited(), 'A'.repeat(22)]
    await expire(old.code)
    await anna.call('DELETE', `/chats/${chatId}/invites/${back.code}`)
    const answers = { [old.code]: 'INVITE_EXPIRED', [back.code]: 'INVITE_REVOKED' }
    for (const [code, why] of Object.entries({ ...answers, [unknown]: 'NOT_FOUND' })) {
      expect((await join(boris, code)).json().code).toBe(why)
      expect((await preview(code)).json().code).toBe(why)
    }
    expect((await preview(old.code)).statusCode).toBe(410)
    expect((await preview('short')).json().code).toBe('VALIDATION')
    expect(await listed()).toEqual([])
  })

  test('shows the picture of its chat, and nothing else, while it works', async () => {
    const { code } = await invited()
    const look = (of = code) =>
      house.first.app.inject({ method: 'GET', url: `/api/invites/${of}/picture` })
    expect((await look()).json().code).toBe('NOT_FOUND')

    const create = { width: 8, height: 8, channels: 3 as const, background: 'red' }
    const png = await sharp({ create }).png().toBuffer()
    const { id } = await anna.upload(png, 'red.png', { purpose: 'avatar' })
    await anna.call('PATCH', `/chats/${chatId}`, { avatarId: id })
    expect(invitePreviewSchema.parse((await preview(code)).json()).chat.avatarId).toBe(id)
    const shown = await look()
    expect(shown.statusCode).toBe(200)
    expect(shown.headers['content-type']).toBe('image/webp')
    expect((await sharp(shown.rawPayload).metadata()).width).toBe(8)
    const url = `/api/files/${id}`
    expect((await house.first.app.inject({ url })).json().code).toBe('UNAUTHORIZED')

    await anna.call('DELETE', `/chats/${chatId}/invites/${code}`)
    expect((await look()).json().code).toBe('INVITE_REVOKED')
    expect((await look('A'.repeat(22))).json().code).toBe('NOT_FOUND')
  })

  test('needs an account to go through', async () => {
    const { code } = await invited()
    const url = `/api/invites/${code}/join`
    const reply = await house.first.app.inject({ method: 'POST', url })
    expect(reply.json().code).toBe('UNAUTHORIZED')
  })

  test('of somebody who is removed works no longer', async () => {
    const permissions = { canAddMembers: true }
    await anna.call('POST', `/chats/${chatId}/members`, { userIds: [boris.id] })
    await anna.call('PATCH', `/chats/${chatId}/members/${boris.id}`, { permissions })
    const { code } = inviteSchema.parse((await create(boris)).json())
    await anna.call('DELETE', `/chats/${chatId}/members/${boris.id}`)
    expect((await join(boris, code)).json().code).toBe('INVITE_REVOKED')
  })
})

describe('many at once', () => {
  test('of 20 with a link for 5, exactly 5 come in', async () => {
    const { code } = await invited({ maxUses: 5 })
    const replies = await Promise.all((await people(20)).map((person) => join(person, code)))
    const codes = replies.map((reply) => reply.json().code ?? 'in')
    expect(codes.filter((result) => result === 'in')).toHaveLength(5)
    expect(codes.filter((result) => result === 'INVITE_USED_UP')).toHaveLength(15)
    const chat = chatSchema.parse((await anna.call('GET', `/chats/${chatId}`)).json())
    expect([chat.memberCount, chat.lastSeq]).toEqual([6, 6])
  })

  test('of 10 with links into a chat of 98, exactly 2 come in', async () => {
    const chat = await anna.group(await crowd(house, 97))
    expect(chat.memberCount).toBe(98)
    chatId = chat.id
    const links = [await invited(), await invited()]
    const replies = await Promise.all(
      (await people(10)).map((person, index) => join(person, links[index % 2]?.code ?? '')),
    )
    const codes = replies.map((reply) => reply.json().code ?? 'in')
    expect(codes.filter((result) => result === 'in')).toHaveLength(2)
    expect(codes.filter((result) => result === 'CHAT_FULL')).toHaveLength(8)
    expect((await listed()).reduce((sum, { uses }) => sum + uses, 0)).toBe(2)
  })

  test('the same person twice is one member and one use', async () => {
    const { code } = await invited({ maxUses: 2 })
    const person = await house.person()
    const replies = await Promise.all(Array.from({ length: 5 }, () => join(person, code)))
    expect(replies.map(({ statusCode }) => statusCode)).toEqual(replies.map(() => 200))
    expect((await listed()).map(({ uses }) => uses)).toEqual([1])
  })
})

test('links are looked up 30 times a minute at most from one address', async () => {
  const limited = await openTestHouse({ RATE_LIMITS: 'on' })
  const url = `/api/invites/${'A'.repeat(22)}`
  const ask = (remoteAddress: string) => limited.first.app.inject({ url, remoteAddress })
  for (let count = 0; count < 30; count++) expect((await ask('203.0.113.1')).statusCode).toBe(404)
  const refused = await ask('203.0.113.1')
  expect(refused.json().code).toBe('RATE_LIMITED')
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await ask('203.0.113.2')).statusCode).toBe(404)
  await limited.close()
})
