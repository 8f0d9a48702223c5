import type { CallRecord } from '@beseda/protocol/calls'
import { expect, test } from 'vitest'
import { anna, boris, groupChat } from '../gallery/fixtures.ts'
import { en } from '../i18n/en.ts'
import { namesOf, outcomeText } from './call-outcome.ts'

const record = (change: Partial<CallRecord>): CallRecord => ({
  id: groupChat.id,
  chatId: groupChat.id,
  initiator: boris,
  type: 'audio',
  createdAt: '2026-03-10T09:00:00.000Z',
  answeredAt: null,
  endedAt: '2026-03-10T09:01:00.000Z',
  outcome: 'ended',
  reason: 'left',
  durationSeconds: 65,
  participants: [],
  ...change,
})

test.each<[Partial<CallRecord>, string]>([
  [{}, '01:05'],
  [{ outcome: null, reason: null }, 'on now'],
  [{ outcome: 'missed', reason: 'unanswered' }, 'missed'],
  [{ outcome: 'missed', reason: 'unanswered', initiator: anna }, 'nobody answered'],
  [{ outcome: 'missed', reason: 'cancelled' }, 'cancelled'],
  [{ outcome: 'declined', reason: 'declined' }, 'declined'],
  [{ outcome: 'failed', reason: 'failed' }, 'broke off after 01:05'],
])('%j reads “%s”', (change, expected) => {
  expect(outcomeText(en, record(change), anna.id)).toBe(expected)
})

test('names who was there, each once', () => {
  const came = (user: typeof anna) => ({
    user,
    joinedAt: '2026-03-10T09:00:00.000Z',
    leftAt: null,
    reason: null,
  })
  const names = namesOf(record({ participants: [came(boris), came(anna), came(boris)] }))
  expect(names).toEqual([boris.displayName, anna.displayName])
})
