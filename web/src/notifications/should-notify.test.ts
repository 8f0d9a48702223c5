import type { Chat } from '@beseda/protocol/chats'
import type { Message, SystemEvent } from '@beseda/protocol/messages'
import { describe, expect, test } from 'vitest'
import { anna, boris, call, groupChat, message, personalChat } from '../gallery/fixtures.ts'
import { countMissed, type Looking, type Reason, reasonOf, shouldNotify } from './should-notify.ts'

const free = { dnd: false, muted: false, open: false, browser: true, sound: true }

/** The letters of what happens: a banner, a notification of the browser, a sound. */
function told(change: Partial<Parameters<typeof shouldNotify>[0]>): string {
  const telling = shouldNotify({ ...free, reason: 'other', looking: 'here', ...change })
  const { banner, browser, sound } = telling
  return `${banner ? 'b' : ''}${browser ? 'n' : ''}${sound ? 's' : ''}` || '-'
}

const reasons: Reason[] = ['mention', 'reply', 'personal', 'call', 'missed', 'other']

describe('shouldNotify', () => {
  const table: [Looking, string, Parameters<typeof told>[0], string[]][] = [
    ['here', 'another chat', {}, ['bs', 'bs', 'bs', '-', 'b', 'bs']],
    ['here', 'another chat, sound off', { sound: false }, ['b', 'b', 'b', '-', 'b', 'b']],
    ['here', 'the open chat', { open: true }, ['-', '-', '-', '-', '-', '-']],
    ['here', 'a muted chat', { muted: true }, ['bs', '-', '-', '-', '-', '-']],
    ['here', 'do not disturb', { dnd: true }, ['-', '-', '-', '-', '-', '-']],
    ['nobody', 'any chat', {}, ['ns', 'ns', 'ns', 'n', 'n', '-']],
    ['nobody', 'the open chat', { open: true }, ['ns', 'ns', 'ns', 'n', 'n', '-']],
    ['nobody', 'not allowed', { browser: false }, ['s', 's', 's', '-', '-', '-']],
    ['nobody', 'sound off', { sound: false }, ['n', 'n', 'n', 'n', 'n', '-']],
    ['nobody', 'a muted chat', { muted: true }, ['ns', '-', '-', '-', '-', '-']],
    ['nobody', 'do not disturb', { dnd: true }, ['-', '-', '-', '-', '-', '-']],
    ['nobody', 'both', { dnd: true, muted: true }, ['-', '-', '-', '-', '-', '-']],
    ['elsewhere', 'any chat', {}, ['-', '-', '-', '-', '-', '-']],
  ]
  test.each(table)('looking %s, %s', (looking, _what, change, expected) => {
    expect(reasons.map((reason) => told({ ...change, looking, reason }))).toEqual(expected)
  })
})

test.each<[string, Partial<Message>, Chat, Reason | null]>([
  ['in a personal chat', {}, personalChat, 'personal'],
  ['in a group', {}, groupChat, 'other'],
  ['that mentions me', { mentions: [anna.id] }, groupChat, 'mention'],
  ['that mentions another', { mentions: [boris.id] }, groupChat, 'other'],
  ['of mine', { sender: anna, mentions: [anna.id] }, groupChat, null],
  ['of the system', { system: { event: 'member.left', actor: boris } }, groupChat, null],
  [
    'that answers me',
    { replyTo: { id: 'q', seq: 1, sender: anna, excerpt: '', attachment: null } },
    groupChat,
    'reply',
  ],
])('the reason of a message %s', (_what, change, chat, expected) => {
  expect(reasonOf(message(change), chat, anna.id)).toBe(expected)
})

describe('a call that nobody answered', () => {
  const ended = (change: Partial<Extract<SystemEvent, { event: 'call.ended' }>> = {}) =>
    message({
      system: {
        event: 'call.ended',
        actor: boris,
        callId: call.id,
        callType: 'audio',
        outcome: 'missed',
        durationSeconds: 0,
        ...change,
      },
    })
  test('was missed by whom it rang for, not by the caller', () => {
    expect(reasonOf(ended(), personalChat, anna.id)).toBe('missed')
    expect(reasonOf(ended(), personalChat, boris.id)).toBeNull()
    expect(reasonOf(ended({ outcome: 'declined' }), personalChat, anna.id)).toBeNull()
    expect(reasonOf(ended({ outcome: 'ended' }), groupChat, anna.id)).toBeNull()
  })
  test('was not missed by who declined it', () => {
    const declined = { ...groupChat, call: { ...call, declined: [anna.id] } }
    expect(reasonOf(ended(), declined, anna.id)).toBeNull()
    expect(reasonOf(ended(), { ...groupChat, call }, anna.id)).toBe('missed')
  })
})

test('a muted chat counts mentions, the others count everything unread', () => {
  const muted = { ...groupChat, self: { ...groupChat.self, muted: true }, mentionCount: 2 }
  expect(
    countMissed([
      { ...groupChat, unreadCount: 3 },
      { ...muted, unreadCount: 40 },
    ]),
  ).toBe(5)
  expect(countMissed([])).toBe(0)
})
