import { type Call, callAnswerSchema, callLogSchema, callSchema } from '@beseda/protocol/calls'
import { errorBodySchema } from '@beseda/protocol/errors'
import { type ChatType, defaultPermissions } from '@beseda/protocol/permissions'
import { redisKeys } from '@beseda/protocol/redis'
import { and, eq } from 'drizzle-orm'
import { v7 } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chatMembers } from '../chats/schema.ts'
import { messages } from '../messages/schema.ts'
import { eventually } from './testing/eventually.ts'
import { startFakeSfu } from './testing/fake-sfu.ts'
import { type Caller, type CallHouse, openCallHouse } from './testing/house.ts'

let house: CallHouse
let anna: Caller
let boris: Caller
let vera: Caller
let stranger: Caller

beforeAll(async () => {
  house = await openCallHouse()
  const names = ['Анна', 'Борис', 'Вера', 'Чужой'] as const
  ;[anna, boris, vera, stranger] = await Promise.all([
    house.person(names[0]),
    house.person(names[1]),
    house.person(names[2]),
    house.person(names[3]),
  ])
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.sfu.register()
  house.sfu.commands.length = 0
})

async function start(chatId: string, person = anna, status = 201) {
  const reply = await person.post(`/chats/${chatId}/calls`, { type: 'video', leaveOther: true })
  expect(reply.statusCode, reply.body).toBe(status)
  return callAnswerSchema.parse(reply.json())
}

async function join(callId: string, person: Caller, body: object = { leaveOther: true }) {
  const reply = await person.post(`/calls/${callId}/join`, body)
  expect(reply.statusCode, reply.body).toBe(200)
  return callAnswerSchema.parse(reply.json())
}

const claimsOf = (token: string) => house.readCallToken(token)

const codeOf = (reply: { json: () => unknown }) => errorBodySchema.parse(reply.json()).code

async function callMessages(chatId: string) {
  const rows = await house.db.select().from(messages).where(eq(messages.chatId, chatId))
  return rows
    .sort((one, other) => one.seq - other.seq)
    .map(({ system }) => system)
    .filter((system) => system?.event.startsWith('call.'))
}

describe('a personal call', () => {
  test('rings the other, is answered, and ends with its log and messages', async () => {
    const chatId = await house.chat('personal', [anna, boris])
    const { call, join: way } = await start(chatId)
    expect(call).toMatchObject({ chatId, initiatorId: anna.id, status: 'ringing', epoch: 1 })
    expect(claimsOf(way.token)).toMatchObject({
      sub: anna.id,
      callId: call.id,
      chatId,
      node: 'node-1',
      epoch: 1,
      displayName: 'Анна',
      publish: ['microphone', 'camera', 'screen', 'screenAudio'],
      maxPeers: 2,
    })
    expect(way.url).toBe('ws://beseda.test:3001/signalling')
    await eventually(() => expect(boris.heard('call.ringing', call.id)).toHaveLength(1))
    expect(anna.heard('call.ringing', call.id)).toHaveLength(0)

    const joined = await join(call.id, boris)
    expect(joined.call.status).toBe('active')
    await eventually(() => expect(boris.heard('call.answered', call.id)).toHaveLength(1))
    expect(anna.heard('call.answered', call.id)).toHaveLength(0)
    await eventually(() =>
      expect(anna.heard('call.updated', call.id).at(-1)).toMatchObject({
        call: { status: 'active' },
      }),
    )

    expect((await boris.post(`/calls/${call.id}/end`)).statusCode).toBe(204)
    await eventually(() =>
      expect(anna.heard('call.ended', call.id)).toMatchObject([{ outcome: 'ended' }]),
    )
    expect(house.sfu.commands).toEqual([{ type: 'end', callId: call.id }])
    expect(await callMessages(chatId)).toMatchObject([
      { event: 'call.started', callId: call.id, callType: 'video', actor: { id: anna.id } },
      { event: 'call.ended', callId: call.id, outcome: 'ended', durationSeconds: 0 },
    ])
    const told = anna.heard('message.created', call.id)
    expect(told).toMatchObject(
      ['call.started', 'call.ended'].map((event) => ({ message: { system: { event } } })),
    )
    const log = callLogSchema.parse((await anna.get(`/chats/${chatId}/calls`)).json())
    expect(log.items).toMatchObject([{ id: call.id, outcome: 'ended', initiator: { id: anna.id } }])
  })

  test('that is declined ends as declined', async () => {
    const chatId = await house.chat('personal', [anna, boris])
    const { call } = await start(chatId)
    expect((await boris.post(`/calls/${call.id}/decline`)).statusCode).toBe(204)
    await eventually(() =>
      expect(anna.heard('call.ended', call.id)).toMatchObject([{ outcome: 'declined' }]),
    )
    expect((await callMessages(chatId)).at(-1)).toMatchObject({
      outcome: 'declined',
      durationSeconds: 0,
    })
  })

  test('that was answered already goes on when another device declines', async () => {
    const chatId = await house.chat('personal', [anna, boris])
    const { call } = await start(chatId)
    await join(call.id, boris)
    expect((await boris.post(`/calls/${call.id}/decline`)).statusCode).toBe(204)
    expect(callSchema.parse((await anna.get(`/calls/${call.id}`)).json()).status).toBe('active')
    await anna.post(`/calls/${call.id}/end`)
  })

  test('that its caller gives up was missed', async () => {
    const chatId = await house.chat('personal', [anna, boris])
    const { call } = await start(chatId)
    await anna.post(`/calls/${call.id}/end`)
    await eventually(() =>
      expect(boris.heard('call.ended', call.id)).toMatchObject([{ outcome: 'missed' }]),
    )
  })
})

describe('a group call', () => {
  test('is one call when two start it at once on two servers', async () => {
    const chatId = await house.chat('group', [anna, boris, vera])
    const [one, other] = house.servers
    const replies = await Promise.all([
      anna.post(`/chats/${chatId}/calls`, { type: 'video' }, one.app),
      boris.post(`/chats/${chatId}/calls`, { type: 'audio' }, other.app),
    ])
    expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([200, 201])
    const calls = replies.map((reply) => callAnswerSchema.parse(reply.json()).call)
    expect(calls[0]?.id).toBe(calls[1]?.id)
    expect((await callMessages(chatId)).filter((m) => m?.event === 'call.started')).toHaveLength(1)
  })

  test('goes on when somebody declines, and the chat hears it', async () => {
    const chatId = await house.chat('group', [anna, boris, vera])
    const { call } = await start(chatId)
    await boris.post(`/calls/${call.id}/decline`)
    await eventually(() =>
      expect(vera.heard('call.declined', call.id)).toMatchObject([{ userId: boris.id }]),
    )
    expect(boris.heard('call.declined', call.id)).toHaveLength(1)
    expect((await start(chatId, boris, 200)).call.id).toBe(call.id)
  })

  test('is the `call` of its chat while it is on', async () => {
    const [chatId, quiet] = [
      await house.chat('group', [anna, boris]),
      await house.chat('group', [anna, boris]),
    ]
    const { call } = await start(chatId)
    const current = await house.calls.current([chatId, quiet])
    expect([...current]).toMatchObject([[chatId, { id: call.id }]])
    await anna.post(`/calls/${call.id}/end`)
    expect(await house.calls.current([chatId, quiet])).toEqual(new Map())
  })

  test('takes no more than the chat may have', async () => {
    const chatId = await house.chat('group', [anna, boris, vera], { maxMembers: 2 })
    const { call } = await start(chatId)
    await house.sfu.join({ callId: call.id, chatId, userId: anna.id })
    await house.sfu.join({ callId: call.id, chatId, userId: boris.id })
    const reply = await vera.post(`/calls/${call.id}/join`)
    expect([reply.statusCode, codeOf(reply)]).toEqual([409, 'CALL_FULL'])
    await join(call.id, boris)
  })
})

test('a channel rings nobody; only its leaders start calls and publish', async () => {
  const chatId = await house.chat('channel', [anna, boris])
  expect(codeOf(await boris.post(`/chats/${chatId}/calls`, { type: 'audio' }))).toBe('FORBIDDEN')
  const { call } = await start(chatId)
  expect(call.status).toBe('active')
  await eventually(() => expect(boris.heard('call.updated', call.id)).toHaveLength(1))
  expect(boris.heard('call.ringing', call.id)).toHaveLength(0)
  expect(claimsOf((await join(call.id, boris)).join.token).publish).toEqual([])
})

describe('permission', () => {
  test('a token says what the chat lets its holder publish', async () => {
    const silenced = { muteAll: true, onlyAdminsCanSpeak: false }
    const chatId = await house.chat('group', [anna, boris], { callSettings: silenced })
    const { call, join: way } = await start(chatId)
    expect(claimsOf(way.token).publish).toContain('microphone')
    const { publish } = claimsOf((await join(call.id, boris)).join.token)
    expect(publish).toEqual(['camera', 'screen', 'screenAudio'])
  })

  test('who may not start calls may still come into one', async () => {
    const chatId = await house.chat('group', [anna, boris])
    await house.db
      .update(chatMembers)
      .set({ permissions: { ...defaultPermissions, canStartCall: false } })
      .where(and(eq(chatMembers.chatId, chatId), eq(chatMembers.userId, boris.id)))
    const refused = await boris.post(`/chats/${chatId}/calls`, { type: 'audio' })
    expect([refused.statusCode, codeOf(refused)]).toEqual([403, 'FORBIDDEN'])
    await start(chatId)
    await start(chatId, boris, 200)
  })

  test('a member ends only the call that they started; leaders end any', async () => {
    const chatId = await house.chat('group', [anna, boris, vera])
    const { call } = await start(chatId, boris)
    const refused = await vera.post(`/calls/${call.id}/end`)
    expect([refused.statusCode, codeOf(refused)]).toEqual([403, 'FORBIDDEN'])
    expect((await anna.post(`/calls/${call.id}/end`)).statusCode).toBe(204)
    const again = await start(chatId, boris)
    expect((await boris.post(`/calls/${again.call.id}/end`)).statusCode).toBe(204)
  })

  test.each<ChatType>(['personal', 'group', 'channel'])(
    'a stranger to a %s learns nothing',
    async (type) => {
      const chatId = await house.chat(type, [anna, boris])
      const { call } = await start(chatId)
      const asked = [
        stranger.post(`/chats/${chatId}/calls`, { type: 'audio' }),
        stranger.get(`/chats/${chatId}/calls`),
        stranger.get(`/calls/${call.id}`),
        ...['join', 'decline', 'end'].map((verb) => stranger.post(`/calls/${call.id}/${verb}`)),
      ]
      for (const reply of await Promise.all(asked)) {
        expect([reply.statusCode, codeOf(reply)]).toEqual([404, 'NOT_FOUND'])
      }
      const unknown = await stranger.get(`/calls/${v7()}`)
      expect(unknown.json()).toEqual((await stranger.get(`/calls/${call.id}`)).json())
    },
  )

  test.each([
    ['POST', `/chats/${v7()}/calls`],
    ['GET', `/chats/${v7()}/calls`],
    ['GET', `/calls/${v7()}`],
    ['POST', `/calls/${v7()}/join`],
    ['POST', `/calls/${v7()}/decline`],
    ['POST', `/calls/${v7()}/end`],
  ] as const)('%s %s needs a signed-in user', async (method, path) => {
    const reply = await house.app.inject({ method, url: `/api${path}` })
    expect([reply.statusCode, codeOf(reply)]).toEqual([401, 'UNAUTHORIZED'])
  })
})

describe('an ended call', () => {
  test.each(['in Redis', 'only in the log'])('can be seen and not entered (%s)', async (where) => {
    const chatId = await house.chat('group', [anna, boris])
    const { call } = await start(chatId)
    await anna.post(`/calls/${call.id}/end`)
    if (where !== 'in Redis') await house.redis.del(redisKeys.call(call.id))
    for (const verb of ['join', 'decline', 'end']) {
      const reply = await boris.post(`/calls/${call.id}/${verb}`)
      expect([verb, reply.statusCode, codeOf(reply)]).toEqual([verb, 409, 'CALL_ENDED'])
    }
    const shown: Call = callSchema.parse((await boris.get(`/calls/${call.id}`)).json())
    expect(shown).toMatchObject({ id: call.id, status: 'ended', peers: [] })
    const next = await start(chatId, boris)
    expect(next.call.id).not.toBe(call.id)
  })
})

describe('SFU nodes', () => {
  test('without one no call starts, and the refusal says what to do', async () => {
    const chatId = await house.chat('group', [anna, boris])
    await house.sfu.die()
    await eventually(async () => {
      const reply = await anna.post(`/chats/${chatId}/calls`, { type: 'audio' })
      expect([reply.statusCode, codeOf(reply)]).toEqual([503, 'NO_SFU'])
      expect(reply.json().message).toMatch(/start the SFU/)
    })
    await house.sfu.register()
  })

  test('a call whose node died moves once, and everybody gets the same new node', async () => {
    const chatId = await house.chat('group', [anna, boris, vera])
    const { call } = await start(chatId)
    const spare = await startFakeSfu(house.redis, 'node-2', {
      publicUrl: 'wss://media.test/two',
      load: 9,
    })
    await house.sfu.die()
    const [one, other] = house.servers
    const replies = await Promise.all([
      anna.post(`/calls/${call.id}/join`, { failedEpoch: 1 }, one.app),
      boris.post(`/calls/${call.id}/join`, { failedEpoch: 1 }, other.app),
    ])
    for (const reply of replies) {
      const { join: way } = callAnswerSchema.parse(reply.json())
      expect(claimsOf(way.token)).toMatchObject({ node: 'node-2', epoch: 2 })
      expect(way.url).toBe('wss://media.test/two/signalling')
    }
    await spare.die()
    spare.close()
  })

  test('a node that was killed a moment ago loses its calls and gets none, though its key is there', async () => {
    const killed = await startFakeSfu(house.redis, 'node-killed', { load: -1 })
    const chats = [await house.chat('group', [anna, boris]), await house.chat('group', [anna])]
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const { call, join: way } = await start(chats[0] ?? '')
    expect(claimsOf(way.token).node).toBe('node-killed')
    killed.kill()
    await eventually(async () => {
      const again = await join(call.id, boris, { failedEpoch: 1, leaveOther: true })
      expect(claimsOf(again.join.token).node).toBe('node-1')
    })
    await eventually(async () => {
      const next = await start(chats[1] ?? '')
      expect(claimsOf(next.join.token).node).toBe('node-1')
      await anna.post(`/calls/${next.call.id}/end`)
    })
    expect(await house.redis.exists(redisKeys.sfuNode('node-killed'))).toBe(1)
    await killed.die()
  })

  test('a call whose node lives stays there, whatever a client says', async () => {
    const chatId = await house.chat('group', [anna, boris])
    const { call } = await start(chatId)
    const { join: way } = await join(call.id, boris, { failedEpoch: call.epoch })
    expect(claimsOf(way.token)).toMatchObject({ node: 'node-1', epoch: call.epoch })
  })
})

describe('the log', () => {
  test('says why a call ended, how long it took, and why each one went', async () => {
    const chatId = await house.chat('group', [anna, boris])
    const { call } = await start(chatId)
    const at = Date.now()
    await house.sfu.join({ callId: call.id, chatId, userId: anna.id }, at)
    await join(call.id, boris)
    await house.sfu.join({ callId: call.id, chatId, userId: boris.id }, at + 1)
    await house.sfu.leave({ callId: call.id, chatId, userId: boris.id }, at + 2)
    const log = async () =>
      callLogSchema.parse((await anna.get(`/chats/${chatId}/calls`)).json()).items[0]
    await eventually(async () =>
      expect((await log())?.participants).toMatchObject([
        { user: { id: anna.id }, reason: null },
        { user: { id: boris.id }, reason: 'left' },
      ]),
    )
    expect(await log()).toMatchObject({ reason: null, outcome: null, endedAt: null })
    await anna.post(`/calls/${call.id}/end`)
    const ended = await log()
    expect(ended).toMatchObject({ reason: 'ended', outcome: 'ended' })
    expect(ended?.participants[0]?.reason).toBe('ended')
    expect(ended?.durationSeconds).toBeGreaterThanOrEqual(0)
  })

  test('comes in pages, newest first', async () => {
    const chatId = await house.chat('group', [anna, boris])
    const ids: string[] = []
    for (let round = 0; round < 5; round++) {
      const { call } = await start(chatId)
      await anna.post(`/calls/${call.id}/end`)
      ids.unshift(call.id)
    }
    const seen: string[] = []
    let query = '?limit=2'
    for (;;) {
      const page = callLogSchema.parse((await boris.get(`/chats/${chatId}/calls${query}`)).json())
      seen.push(...page.items.map(({ id }) => id))
      if (page.nextCursor === null) break
      query = `?limit=2&cursor=${page.nextCursor}`
    }
    expect(seen).toEqual(ids)
  })
})

describe('bad input', () => {
  const chat = () => house.chat('group', [anna, boris])
  const starts: [string, unknown][] = [
    ['no body', undefined],
    ['null', null],
    ['no type', {}],
    ['an unknown type', { type: 'hologram' }],
    ['a wrong type', { type: 7 }],
    ['a long type', { type: 'v'.repeat(1_000) }],
    ['an unknown field', { type: 'audio', ring: false }],
    ['a list', ['audio']],
  ]
  test.each(starts)('start with %s', async (_what, body) => {
    const reply = await anna.post(`/chats/${await chat()}/calls`, body)
    expect([reply.statusCode, codeOf(reply)]).toEqual([400, 'VALIDATION'])
  })

  const joins: [string, unknown][] = [
    ['a wrong type', { failedEpoch: '1' }],
    ['zero', { failedEpoch: 0 }],
    ['a fraction', { failedEpoch: 1.5 }],
    ['an unknown field', { epoch: 1 }],
    ['a list', [1]],
    ['a text', 'join'],
  ]
  test.each(joins)('join with %s', async (_what, body) => {
    const { call } = await start(await chat())
    const reply = await boris.post(`/calls/${call.id}/join`, body)
    expect([reply.statusCode, codeOf(reply)]).toEqual([400, 'VALIDATION'])
    await join(call.id, boris, {})
  })

  test.each(['join', 'decline', 'end'])('%s of an id that is none', async (verb) => {
    for (const id of ['1', 'x'.repeat(300), '%00', `${v7()}0`]) {
      const reply = await anna.post(`/calls/${id}/${verb}`)
      expect([id, reply.statusCode, codeOf(reply)]).toEqual([id, 400, 'VALIDATION'])
    }
    const unknown = await anna.post(`/calls/${v7()}/${verb}`)
    expect([unknown.statusCode, codeOf(unknown)]).toEqual([404, 'NOT_FOUND'])
  })

  test.each(['?limit=0', '?limit=101', '?limit=x', '?cursor=x', '?cursor=W10', '?page=1'])(
    'the log with %s',
    async (query) => {
      const reply = await anna.get(`/chats/${await chat()}/calls${query}`)
      expect([reply.statusCode, codeOf(reply)]).toEqual([400, 'VALIDATION'])
    },
  )

  test.each([
    ['not JSON', 'application/json', '{"type":', 'INVALID_JSON'],
    [
      'oversized',
      'application/json',
      JSON.stringify({ type: 'v'.repeat(70_000) }),
      'PAYLOAD_TOO_LARGE',
    ],
    ['another kind', 'application/xml', '<call/>', 'UNSUPPORTED_MEDIA_TYPE'],
  ])('a body that is %s', async (_what, type, payload, code) => {
    const { call } = await start(await chat())
    const headers = { ...anna.headers, 'content-type': type }
    for (const path of [
      `/chats/${call.chatId}/calls`,
      ...['join', 'decline', 'end'].map((verb) => `/calls/${call.id}/${verb}`),
    ]) {
      const reply = await house.app.inject({ method: 'POST', url: `/api${path}`, headers, payload })
      expect([path, codeOf(reply)]).toEqual([path, code])
    }
  })

  test('a Host that is no host name', async () => {
    const { call } = await start(await chat())
    const headers = { ...anna.headers, host: 'a b:c' }
    const reply = await house.app.inject({
      method: 'POST',
      url: `/api/calls/${call.id}/join`,
      headers,
    })
    expect([reply.statusCode, codeOf(reply)]).toEqual([400, 'VALIDATION'])
  })
})

test('starting is limited per user, joining is not', async () => {
  const strict = await openCallHouse({ RATE_LIMITS: 'on' })
  try {
    const [one, two] = [await strict.person('Один'), await strict.person('Два')]
    const chatId = await strict.chat('group', [one, two])
    const statuses: number[] = []
    for (let round = 0; round < 7; round++) {
      const reply = await one.post(`/chats/${chatId}/calls`, { type: 'audio' })
      statuses.push(reply.statusCode)
      if (reply.statusCode !== 201) {
        expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0)
        continue
      }
      await two.post(`/chats/${chatId}/calls`, { type: 'audio' })
      await one.post(`/calls/${callAnswerSchema.parse(reply.json()).call.id}/end`)
    }
    expect(statuses).toEqual([201, 201, 201, 201, 201, 201, 429])
    expect((await two.post(`/chats/${chatId}/calls`, { type: 'audio' })).statusCode).toBe(201)
  } finally {
    await strict.close()
  }
})
