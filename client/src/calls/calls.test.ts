import type { Call } from '@beseda/protocol/calls'
import type { BesedaEvent } from '@beseda/protocol/events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Rest } from '../rest.ts'
import { createCalls } from './calls.ts'

const self = '00000000-0000-7000-8000-000000000001'
const call: Call = {
  id: '00000000-0000-7000-8000-0000000000ca',
  chatId: '00000000-0000-7000-8000-0000000000cb',
  initiatorId: '00000000-0000-7000-8000-000000000002',
  type: 'audio',
  status: 'ringing',
  createdAt: '2026-01-01T00:00:00.000Z',
  answeredAt: null,
  epoch: 1,
  peers: [],
  declined: [],
}
const place = { callId: call.id, chatId: call.chatId }
const end = { outcome: 'declined' } as const

let calls: ReturnType<typeof createCalls>
beforeEach(() => {
  vi.useFakeTimers()
  calls = createCalls({
    rest: {
      declineCall: async () => {},
      joinCall: () => Promise.reject(new Error('no server here')),
    } as Partial<Rest> as Rest,
    WebSocket,
    createDevice: () => Promise.reject(new Error('no call is entered here')),
    selfId: () => self,
    undisturbed: () => false,
    chat: () => undefined,
  })
})
afterEach(() => {
  vi.useRealTimers()
})
const ringing = () => calls.calls.incoming.get()
const elsewhere = () => calls.calls.elsewhere.get()

test('a call rings silently for who is in another one, also after it has changed', () => {
  calls.apply({ type: 'call.ringing', call, silent: true })
  expect(ringing()).toMatchObject([{ id: call.id, silent: true }])
  calls.apply({ type: 'call.updated', call: { ...call, epoch: 2 } })
  expect(ringing()).toMatchObject([{ epoch: 2, silent: true }])
})

test('a call that was answered or declined elsewhere stops ringing, and rings no second time', () => {
  const { id: callId, chatId } = call
  calls.apply({ type: 'call.ringing', call, silent: false })
  calls.apply({ type: 'call.declined', callId, chatId, userId: call.initiatorId })
  expect(ringing()).toHaveLength(1)
  calls.apply({ type: 'call.declined', callId, chatId, userId: self })
  expect(ringing()).toEqual([])
  expect(elsewhere()).toEqual({ callId, deed: 'declined' })
  calls.apply({ type: 'call.ringing', call, silent: false })
  expect(ringing()).toEqual([])
})

test.each<[string, BesedaEvent, 'answered' | 'declined' | undefined]>([
  ['was answered', { type: 'call.answered', ...place }, 'answered'],
  [
    'ended by being declined',
    { type: 'call.ended', ...place, ...end, reason: 'declined' },
    'declined',
  ],
  ['was cancelled', { type: 'call.ended', ...place, ...end, reason: 'cancelled' }, undefined],
])('a call that %s stops ringing; who settled it elsewhere is told so', (_what, event, deed) => {
  calls.apply({ type: 'call.ringing', call, silent: false })
  calls.apply(event)
  expect(ringing()).toEqual([])
  expect(elsewhere()?.deed).toBe(deed)
})

test('what this device settles was not settled elsewhere', async () => {
  calls.apply({ type: 'call.ringing', call, silent: false })
  await calls.calls.decline(call.id)
  calls.apply({ type: 'call.declined', ...place, userId: self })
  const other = { ...call, id: '00000000-0000-7000-8000-0000000000cc' }
  calls.apply({ type: 'call.ringing', call: other, silent: false })
  const joining = calls.calls.join(other.id)
  calls.apply({ type: 'call.answered', callId: other.id, chatId: other.chatId })
  expect(ringing()).toEqual([])
  expect(elsewhere()).toBeNull()
  await expect(joining).rejects.toThrow('no server here')
})

test('a call that nobody answers stops ringing by itself', () => {
  calls.apply({ type: 'call.ringing', call, silent: false })
  vi.advanceTimersByTime(45_000)
  expect(ringing()).toEqual([])
})
