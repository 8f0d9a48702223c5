import type { Rest } from '@beseda/client/rest'
import { defaultPermissions, type Role } from '@beseda/protocol/permissions'
import { expect, test, vi } from 'vitest'
import { groupChat, people } from '../gallery/fixtures.ts'
import { fetchLeaders, roleOf } from './leaders.ts'

type MemberPage = Awaited<ReturnType<Rest['members']>>

const page = (roles: Role[], nextCursor: string | null, from = 0): MemberPage => ({
  nextCursor,
  items: roles.map((role, index) => {
    const user = people[from + index]
    if (!user) throw new Error('there are not so many people')
    return {
      user,
      role,
      permissions: defaultPermissions,
      joinedAt: '2026-03-10T09:00:00.000Z',
      addedBy: null,
    }
  }),
})
const id = (index: number) => people[index]?.id ?? ''

test('leaders are fetched as far as they reach', async () => {
  const members = vi
    .fn<Rest['members']>()
    .mockResolvedValueOnce(page(['owner', 'admin'], 'more'))
    .mockResolvedValueOnce(page(['admin', 'member'], 'more', 2))
  const leaders = await fetchLeaders({ members }, groupChat.id)
  expect([...leaders]).toEqual([
    [id(0), 'owner'],
    [id(1), 'admin'],
    [id(2), 'admin'],
  ])
  expect(members).toHaveBeenCalledTimes(2)
})

test('an admin is told the role of others, and takes the unknown for an owner', () => {
  const chat = { ...groupChat, self: { ...groupChat.self, role: 'admin' as const } }
  const leaders = new Map<string, Role>([[id(0), 'owner']])
  expect(roleOf(chat, leaders, id(0))).toBe('owner')
  expect(roleOf(chat, leaders, id(1))).toBe('member')
  expect(roleOf(chat, null, id(1))).toBe('owner')
  expect(roleOf(groupChat, null, id(1))).toBeNull()
})
