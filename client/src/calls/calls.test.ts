import type { Call } from '@beseda/protocol/calls'
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

let calls: ReturnType<typeof createCalls>
beforeEach(() => {
  vi.useFakeTimers()
  calls = createCalls({
    rest: {} as Rest,
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
  calls.apply({ type: 'call.ringing', call, silent: false })
  expect(ringing()).toEqual([])
})

test('a call that nobody answers stops ringing by itself', () => {
  calls.apply({ type: 'call.ringing', call, silent: false })
  vi.advanceTimersByTime(45_000)
  expect(ringing()).toEqual([])
})
