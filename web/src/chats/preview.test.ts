import type { Chat } from '@beseda/protocol/chats'
import type { Message, SystemEvent } from '@beseda/protocol/messages'
import { expect, test } from 'vitest'
import { anna, boris, groupChat, message, personalChat, storedFile } from '../gallery/fixtures.ts'
import { en } from '../i18n/en.ts'
import { previewText } from './preview.ts'

const preview = (chat: Chat, last: Message | null) =>
  previewText(en, { ...chat, lastMessage: last }, anna.id)
const system = (event: SystemEvent) => message({ sender: null, body: '', system: event })

test('a message is told with its sender, on one line', () => {
  const fromBoris = message({ sender: boris, body: 'two\n  lines ' })
  expect(preview(groupChat, fromBoris)).toBe('Борис Годунов: two lines')
  expect(preview(personalChat, fromBoris)).toBe('two lines')
  expect(preview(groupChat, message({ sender: anna, body: 'mine' }))).toBe('You: mine')
  const photo = message({ sender: boris, body: '', attachments: [storedFile({})] })
  expect(preview(groupChat, photo)).toBe('Борис Годунов: Photo')
  expect(preview(groupChat, null)).toBe('No messages yet')
})

test('system messages are told in words', () => {
  const call = { actor: boris, callId: boris.id, callType: 'video' } as const
  const ended = (outcome: 'ended' | 'missed' | 'declined' | 'failed') =>
    preview(groupChat, system({ ...call, event: 'call.ended', outcome, durationSeconds: 75 }))
  expect(preview(groupChat, system({ ...call, event: 'call.started' }))).toBe(
    'Борис Годунов started a video call',
  )
  expect(ended('ended')).toBe('Video call ended · 01:15')
  expect(ended('missed')).toBe('Missed call')
  expect(ended('declined')).toBe('Call declined')
  expect(ended('failed')).toBe('The call broke off')
})

test('a long list of added people is cut short', () => {
  const users = ['A', 'B', 'C', 'D', 'E'].map((displayName) => ({ id: anna.id, displayName }))
  const added = (count: number) =>
    preview(
      groupChat,
      system({ event: 'member.added', actor: boris, users: users.slice(0, count) }),
    )
  expect(added(2)).toBe('Борис Годунов added A, B')
  expect(added(5)).toBe('Борис Годунов added A, B, C and 2 more')
})
