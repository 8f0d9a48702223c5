import type { Chat, Member } from '@beseda/protocol/chats'
import { defaultPermissions, type Role } from '@beseda/protocol/permissions'
import { expect, test } from 'vitest'
import { anna, boris, groupChat } from '../gallery/fixtures.ts'
import { memberActions } from './member-actions.ts'

const as = (role: Role, more: Partial<Chat['self']['permissions']> = {}): Chat => ({
  ...groupChat,
  self: { ...groupChat.self, role, permissions: { ...defaultPermissions, ...more } },
})
const borisAs = (role: Role): Member => ({
  user: boris,
  role,
  permissions: defaultPermissions,
  joinedAt: groupChat.createdAt,
  addedBy: null,
})
const actions = (chat: Chat, target: Role) => memberActions(chat, anna.id, borisAs(target))

test('an owner may do everything that fits the role', () => {
  expect(actions(as('owner'), 'member')).toEqual(['makeAdmin', 'permissions', 'handOver', 'remove'])
  expect(actions(as('owner'), 'admin')).toEqual(['makeMember', 'handOver', 'remove'])
})

test('an admin acts on members alone', () => {
  expect(actions(as('admin'), 'member')).toEqual(['permissions', 'remove'])
  expect(actions(as('admin'), 'admin')).toEqual([])
  expect(actions(as('admin'), 'owner')).toEqual([])
})

test('a member does what was allowed', () => {
  expect(actions(as('member'), 'member')).toEqual([])
  expect(actions(as('member', { canRemoveMembers: true }), 'member')).toEqual(['remove'])
  expect(actions(as('member', { canRemoveMembers: true }), 'admin')).toEqual([])
})

test('nobody acts on themselves', () => {
  expect(memberActions(as('owner'), boris.id, borisAs('member'))).toEqual([])
})
