import type { AdminUser } from '@beseda/protocol/administration'
import { expect, test } from 'vitest'
import { userActions } from './user-actions.ts'

const user = (change: Partial<AdminUser> = {}): AdminUser => ({
  ...{ id: 'u', username: 'u', displayName: 'U', avatarId: null, status: 'offline' },
  ...{ lastSeenAt: null, createdAt: '', disabledAt: null, sessions: 0, serverRole: 'member' },
  ...change,
})

test.each([
  ['admin', 'me', user(), ['sessions', 'resetLink', 'disable']],
  ['owner', 'me', user(), ['sessions', 'resetLink', 'makeAdmin', 'disable']],
  [
    'owner',
    'me',
    user({ serverRole: 'admin' }),
    ['sessions', 'resetLink', 'makeMember', 'disable'],
  ],
  ['admin', 'me', user({ serverRole: 'admin' }), []],
  ['admin', 'me', user({ disabledAt: 'x' }), ['sessions', 'enable']],
  ['owner', 'u', user({ serverRole: 'owner' }), []],
] as const)('%s (%s) to %j: %j', (role, selfId, target, actions) => {
  expect(userActions(role, selfId, target)).toEqual(actions)
})
