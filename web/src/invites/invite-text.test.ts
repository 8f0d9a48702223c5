import { RequestError } from '@beseda/client/rest'
import type { Invite } from '@beseda/protocol/invites'
import { expect, test } from 'vitest'
import { anna, groupChat } from '../gallery/fixtures.ts'
import { en } from '../i18n/en.ts'
import { makeTimes } from '../i18n/times.ts'
import { inviteErrorText, inviteTerms } from './invite-text.ts'

const invite: Invite = {
  code: 'A'.repeat(22),
  chatId: groupChat.id,
  createdBy: anna,
  createdAt: groupChat.createdAt,
  expiresAt: null,
  maxUses: null,
  uses: 3,
}
const terms = (change: Partial<Invite>) =>
  inviteTerms(en, makeTimes('en', en), { ...invite, ...change })

test('says uses and end, where there are any', () => {
  expect(terms({})).toBe('3 joined · never expires')
  expect(terms({ maxUses: 10 })).toBe('3 of 10 joined · never expires')
  expect(terms({ expiresAt: '2026-03-10T09:00:00.000Z' })).toMatch(/ · until March 10 at \d/)
})

test('each way to fail has its own sentence', () => {
  const codes = [
    'INVITE_EXPIRED',
    'INVITE_USED_UP',
    'INVITE_REVOKED',
    'NOT_FOUND',
    'CHAT_FULL',
  ] as const
  const texts = codes.map((code) => inviteErrorText(en, new RequestError(code, '')))
  expect(new Set(texts).size).toBe(codes.length)
  expect(inviteErrorText(en, new RequestError('VALIDATION', ''))).toBe(en.invites.unknown)
})
