import {
  auditPageSchema,
  serverInviteListSchema,
  serverInviteSchema,
  serverRulesSchema,
} from '@beseda/protocol/administration'
import { configSchema } from '@beseda/protocol/config'
import { inviteSchema } from '@beseda/protocol/invites'
import { v7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { calls } from '../calls/schema.ts'
import { files } from '../files/schema.ts'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import { type Person, password } from '../testing/person.ts'
import { firstIdAt, makeRetention } from './retention.ts'
import { hostOf } from './testing/host.ts'

let house: TestHouse
let host: ReturnType<typeof hostOf>
let anna: Person

const unlimited = { messageDays: null, fileDays: null, callDays: null }

beforeAll(async () => {
  house = await openTestHouse({ REGISTRATION: 'open', FILE_MAX_MB: '7' })
  host = hostOf(house.first)
  anna = await house.person('Анна')
})
afterAll(() => house.close())
beforeEach(async () => {
  await change({ registration: 'open', retention: unlimited })
})

const change = async (body: object) =>
  serverRulesSchema.parse((await host('PATCH', '/rules', body)).json())
const config = async () => configSchema.parse((await house.first.app.inject('/api/config')).json())
let count = 0
const account = (invite?: string) => {
  count += 1
  const body = {
    username: `newcomer${count}`,
    password,
    displayName: 'N',
    ...(invite && { invite }),
  }
  return house.first.app.inject({ method: 'POST', url: '/api/auth/register', body })
}

describe('registration', () => {
  test('is the environment’s until somebody decides, and then theirs through every start', async () => {
    expect((await config()).registration).toBe('open')
    await change({ registration: 'invite' })
    await house.another()
    expect((await config()).registration).toBe('invite')
    const { items } = auditPageSchema.parse((await host('GET', '/audit')).json())
    expect(items[0]).toMatchObject({
      action: 'registration.changed',
      details: { from: 'open', to: 'invite' },
    })
  })

  test('by invitation takes one to the server, as often as it says', async () => {
    await change({ registration: 'invite' })
    expect((await account()).json().code).toBe('REGISTRATION_INVITE')
    expect((await account('A'.repeat(22))).json().code).toBe('NOT_FOUND')
    const made = await host('POST', '/invites', { maxUses: 2, expiresInSeconds: 3600 })
    const { code } = serverInviteSchema.parse(made.json())
    const preview = await house.first.app.inject(`/api/server-invites/${code}`)
    expect(preview.json()).toMatchObject({ invitedBy: 'host' })
    const replies = await Promise.all([account(code), account(code), account(code)])
    expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([201, 201, 410])
    expect((await account(code)).json().code).toBe('INVITE_USED_UP')

    const other = serverInviteSchema.parse((await host('POST', '/invites', {})).json())
    const listed = serverInviteListSchema.parse((await host('GET', '/invites')).json())
    expect(listed.items).toEqual([other])
    expect((await host('DELETE', `/invites/${other.code}`)).statusCode).toBe(204)
    expect((await account(other.code)).json().code).toBe('INVITE_REVOKED')
    // The log tells invitations apart, and is no way in.
    const log = JSON.stringify((await host('GET', '/audit')).json())
    expect([log.includes(other.code), log.includes(other.code.slice(0, 6))]).toEqual([false, true])
  })

  test('by invitation takes one to a chat, and leads into it', async () => {
    await change({ registration: 'invite' })
    const { id } = await anna.group([], 'Дача')
    const made = await anna.call('POST', `/chats/${id}/invites`, { maxUses: 1 })
    const { code } = inviteSchema.parse(made.json())
    const socket = await anna.socket()
    const reply = await account(code)
    expect(reply.statusCode).toBe(201)
    const headers = { authorization: `Bearer ${reply.json().accessToken}` }
    const chat = await house.first.app.inject({ url: `/api/chats/${id}`, headers })
    expect(chat.json()).toMatchObject({ name: 'Дача', memberCount: 2 })
    await socket.next('member.added')
    await socket.close()
    expect((await account(code)).json().code).toBe('INVITE_USED_UP')
  })

  test('that is closed takes no invitation', async () => {
    const { code } = serverInviteSchema.parse((await host('POST', '/invites', {})).json())
    await change({ registration: 'closed' })
    expect((await account(code)).json().code).toBe('REGISTRATION_CLOSED')
  })
})

describe('limits', () => {
  test('are the environment’s or the built-in ones until they are set', async () => {
    expect((await config()).fileBytesMax).toBe(7 * 2 ** 20)
    const { limits } = await change({ limits: { fileMegabytes: 1 } })
    expect(limits).toEqual({
      ...{ groupMembers: 100, channelMembers: 1000 },
      ...{ fileMegabytes: 1, callStartsPerMinute: 6 },
    })
    expect((await config()).fileBytesMax).toBe(2 ** 20)
    expect((await anna.post(Buffer.alloc(2 ** 20 + 1, 1), 'large.bin')).status).toBe(413)
    await anna.upload('small', 'small.txt')
  })

  test('of members hold for groups that there are, too', async () => {
    const [boris, vera] = [await house.person('Борис'), await house.person('Вера')]
    const { id } = await anna.group([])
    await change({ limits: { groupMembers: 2 } })
    const add = (person: Person) =>
      anna.call('POST', `/chats/${id}/members`, { userIds: [person.id] })
    expect((await add(boris)).statusCode).toBe(200)
    expect((await add(vera)).json().code).toBe('CHAT_FULL')
    const body = { type: 'group', name: 'x', memberIds: [boris.id, vera.id] }
    expect((await anna.call('POST', '/chats', body)).json().code).toBe('CHAT_FULL')
    await change({ limits: { groupMembers: 100 } })
    expect((await add(vera)).statusCode).toBe(200)
  })

  test('out of bounds are refused', async () => {
    for (const limits of [{ groupMembers: 1 }, { fileMegabytes: 0 }, { other: 3 }]) {
      expect((await host('PATCH', '/rules', { limits })).json().code).toBe('VALIDATION')
    }
  })
})

describe('retention', () => {
  const day = 24 * 3_600_000
  const never = new AbortController().signal
  /** What is swept `days` from now. */
  const sweepIn = (days: number) => {
    const { db, folder, rules } = house.first.services
    return makeRetention({ db, folder, rules, now: () => Date.now() + days * day }).sweep(never)
  }
  const shown = async (chatId: string) =>
    (await anna.call('GET', `/chats/${chatId}/messages`)).json().items

  test('keeps everything unless it is told not to', async () => {
    const { id } = await anna.group([])
    await anna.send(id, 'words')
    await sweepIn(100_000)
    expect((await shown(id))[1]).toMatchObject({ body: 'words', deletedAt: null })
  })

  test('empties old messages, their files too, and leaves no gap', async () => {
    const { id } = await anna.group([])
    const file = await anna.upload('content', 'a.txt')
    const sent = await anna.send(id, 'words', [file.id])
    await anna.call('PUT', `/chats/${id}/messages/${sent.id}/reactions/👍`)
    await change({ retention: { messageDays: 30 } })
    await sweepIn(29)
    expect((await shown(id))[1]).toMatchObject({ body: 'words' })
    await sweepIn(31)
    const [made, emptied] = await shown(id)
    expect([made.system.event, made.seq]).toEqual(['chat.created', 1])
    expect(emptied).toMatchObject({ seq: 2, body: '', attachments: [], reactions: [] })
    expect(emptied.deletedAt).not.toBeNull()
    expect((await anna.call('GET', `/files/${file.id}`)).statusCode).toBe(404)
    const found = await anna.call('GET', '/search/messages?q=words')
    expect(found.json().items).not.toContainEqual(expect.objectContaining({ id: sent.id }))
    expect((await config()).retention).toEqual({ ...unlimited, messageDays: 30 })
  })

  test('deletes old files, and what was written beside them stays', async () => {
    const { id } = await anna.group([])
    const picture = await anna.upload('one', 'one.txt')
    await anna.send(id, 'look', [picture.id])
    const two = await anna.send(id, '', [(await anna.upload('two', 'two.txt')).id])
    await anna.call('PUT', `/chats/${id}/messages/${two.id}/reactions/👍`)
    await change({ retention: { fileDays: 7 } })
    await sweepIn(8)
    const [, beside, alone] = await shown(id)
    expect(beside).toMatchObject({ body: 'look', attachments: [], deletedAt: null })
    expect(alone).toMatchObject({ deletedAt: expect.any(String), reactions: [] })
    expect(await house.first.services.db.$count(files)).toBe(0)
  })

  test('deletes old calls from the log, never one that is on', async () => {
    const { db } = house.first.services
    const { id: chatId } = await anna.group([])
    const old = (endedAt: Date | null) => ({
      ...{ id: v7(), chatId, initiatorId: anna.id, type: 'audio' as const, endedAt },
      createdAt: new Date(),
    })
    const [over, on] = [old(new Date()), old(null)]
    await db.insert(calls).values([over, on])
    await change({ retention: { callDays: 1 } })
    await sweepIn(2)
    expect((await db.select().from(calls)).map(({ id }) => id)).toEqual([on.id])
  })

  test('knows the least id of a moment', () => {
    const ms = Date.UTC(2026, 0, 2)
    expect(firstIdAt(ms) < v7({ msecs: ms })).toBe(true)
    expect(firstIdAt(ms) > v7({ msecs: ms - 1 })).toBe(true)
  })
})
