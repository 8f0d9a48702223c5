import {
  auditPageSchema,
  liveCallListSchema,
  liveNodeListSchema,
} from '@beseda/protocol/administration'
import { callAnswerSchema } from '@beseda/protocol/calls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../calls/testing/eventually.ts'
import { type Caller, type CallHouse, openCallHouse } from '../calls/testing/house.ts'
import { hostOf } from './testing/host.ts'

let house: CallHouse
let host: ReturnType<typeof hostOf>
let anna: Caller
let boris: Caller

beforeAll(async () => {
  house = await openCallHouse()
  host = hostOf(house.servers[0])
  anna = await house.person('Анна')
  boris = await house.person('Борис')
})
afterAll(() => house.close())

const listed = async () => liveCallListSchema.parse((await host('GET', '/calls')).json()).items
const nodes = async () => liveNodeListSchema.parse((await host('GET', '/nodes')).json()).items

test('calls that are on are seen and ended by an administrator, and by nobody else', async () => {
  const chatId = await house.chat('group', [anna, boris])
  const reply = await anna.post(`/chats/${chatId}/calls`, { type: 'video' })
  const { call } = callAnswerSchema.parse(reply.json())
  await house.sfu.join({ callId: call.id, chatId, userId: anna.id })
  expect(await listed()).toEqual([
    {
      ...{ id: call.id, chatId, chatName: 'Беседа', initiator: 'Анна', type: 'video' },
      ...{ status: 'ringing', createdAt: call.createdAt, node: 'node-1', peers: ['Анна'] },
    },
  ])
  expect(await nodes()).toMatchObject([{ node: 'node-1', calls: 1, draining: false }])

  expect((await anna.get('/admin/calls')).json().code).toBe('FORBIDDEN')
  const denied = await boris.post(`/admin/calls/${call.id}/end`)
  expect(denied.json().code).toBe('FORBIDDEN')
  expect((await host('POST', `/calls/${call.id}/end`)).statusCode).toBe(204)
  await eventually(() => {
    expect(house.sfu.commands).toContainEqual({ type: 'end', callId: call.id })
    expect(anna.heard('call.ended', call.id)).toHaveLength(1)
  })
  expect(await listed()).toEqual([])
  expect((await host('POST', `/calls/${call.id}/end`)).json().code).toBe('CALL_ENDED')
})

test('a node is told to drain, and to take calls again', async () => {
  const put = (node: string, on: boolean) => host('PUT', `/nodes/${node}/draining`, { on })
  expect((await put('nowhere', true)).json().code).toBe('NOT_FOUND')
  expect((await put('node-1', true)).statusCode).toBe(204)
  expect((await put('node-1', false)).statusCode).toBe(204)
  await eventually(() =>
    expect(house.sfu.commands.filter(({ type }) => type === 'drain')).toEqual([
      { type: 'drain', on: true },
      { type: 'drain', on: false },
    ]),
  )
  const audit = auditPageSchema.parse((await host('GET', '/audit?limit=3')).json())
  expect(audit.items.map(({ action, target }) => [action, target?.name])).toEqual([
    ['node.opened', 'node-1'],
    ['node.drained', 'node-1'],
    ['call.ended', 'Беседа'],
  ])
})
