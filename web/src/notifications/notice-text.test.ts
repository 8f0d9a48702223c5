import { expect, test } from 'vitest'
import { boris, call, message } from '../gallery/fixtures.ts'
import { en } from '../i18n/en.ts'
import { noticeBody, noticeTitle } from './notice-text.ts'

test('the title names the writer, and the group where it is one', () => {
  expect(noticeTitle(message({}), null)).toBe('Борис Годунов')
  expect(noticeTitle(message({}), 'Север')).toBe('Борис Годунов · Север')
})

test('the body is the message in plain words on one line, cut between characters', () => {
  expect(noticeBody(en, message({ body: '**Hello**,\n@anna' }), true)).toBe('Hello, @anna')
  expect(noticeBody(en, message({ body: '😀'.repeat(200) }), true)).toBe(`${'😀'.repeat(159)}…`)
  expect(noticeBody(en, message({ body: 'secret' }), false)).toBe('New message')
})

test('what happened is told in words, also without previews', () => {
  const missed = message({
    system: {
      event: 'call.ended',
      actor: boris,
      callId: call.id,
      callType: 'audio',
      outcome: 'missed',
      durationSeconds: 0,
    },
  })
  expect(noticeBody(en, missed, false)).toBe('Missed call')
})
