import type { Client } from '@beseda/client/client'
import type { Member } from '@beseda/protocol/chats'
import type { Invite } from '@beseda/protocol/invites'
import { defaultPermissions } from '@beseda/protocol/permissions'
import { anna, boris, groupChat, message, people } from './fixtures.ts'

/** The specimens' group: an owner, an admin, and those whom they have added. */
export const members: Member[] = people.map((user, index) => ({
  user,
  role: (['owner', 'admin'] as const)[index] ?? 'member',
  permissions: defaultPermissions,
  joinedAt: '2026-03-01T08:00:00.000Z',
  addedBy: index > 2 ? boris : null,
}))

const invite = (code: string, change: Partial<Invite>): Invite => ({
  code: code.padEnd(22, 'A'),
  chatId: groupChat.id,
  createdBy: anna,
  createdAt: '2026-03-10T08:00:00.000Z',
  expiresAt: null,
  maxUses: null,
  uses: 0,
  ...change,
})

/** A chat's invitations, with and without an end. */
export const invites = [
  invite('a', { expiresAt: '2026-03-17T08:00:00.000Z', maxUses: 10, uses: 3 }),
  invite('b', { uses: 12, createdBy: boris }),
]

const pins = [
  message({ id: 'pin1', seq: 4, body: 'Встречаемся в пятницу в **семь**' }),
  message({ id: 'pin2', seq: 2, body: 'Список покупок: ||сюрприз||', sender: anna }),
].map((pinned, at) => ({ ...pinned, pinnedAt: `2026-03-10T10:0${at}:00.000Z` }))

/** The client with answers for the specimens, who live on no server. */
export function specimenClient(client: Client): Client {
  const page = <Item>(items: Item[]) => Promise.resolve({ items, nextCursor: null })
  const rest = {
    ...client.rest,
    members: () => page(members),
    invites: () => page(invites),
    pins: () => page(pins),
    users: () => page(people.map((user) => ({ ...user, id: user.id.replace('0198a', '0198b') }))),
  }
  return { ...client, rest }
}
