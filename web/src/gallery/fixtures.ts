import type { Call } from '@beseda/protocol/calls'
import type { Chat } from '@beseda/protocol/chats'
import type { StoredFile } from '@beseda/protocol/files'
import type { Message } from '@beseda/protocol/messages'
import { defaultPermissions } from '@beseda/protocol/permissions'
import type { Status, User } from '@beseda/protocol/users'

const id = (n: number) => `0198a000-0000-7000-8000-${String(n).padStart(12, '0')}`

const names: [string, Status][] = [
  ['Анна Каренина', 'online'],
  ['Борис Годунов', 'away'],
  ['Vera Petrova', 'dnd'],
  ['Глеб', 'offline'],
  ['Daria M.', 'online'],
  ['Егор Летов', 'online'],
  ['Женя', 'away'],
  ['Zoë Saldaña', 'offline'],
]

const person = ([displayName, status]: [string, Status], index: number): User => ({
  id: id(index),
  username: `user${index}`,
  displayName,
  avatarId: null,
  status,
  lastSeenAt: null,
})

/** Invented people for the specimens. */
export const people: User[] = names.map(person)
export const anna = person(['Анна Каренина', 'online'], 0)
export const boris = person(['Борис Годунов', 'away'], 1)

/** A message with what matters to the specimen. */
export function message(change: Partial<Message>): Message {
  return {
    id: id(1000 + (change.seq ?? 1)),
    chatId: id(100),
    seq: 1,
    sender: boris,
    clientId: null,
    body: 'Привет!',
    system: null,
    replyTo: null,
    attachments: [],
    reactions: [],
    mentions: [],
    pinnedAt: null,
    editedAt: null,
    deletedAt: null,
    createdAt: '2026-03-10T09:00:00.000Z',
    ...change,
  }
}

/** A file of a message with what matters to the specimen. */
export const storedFile = (change: Partial<StoredFile>): StoredFile => ({
  id: id(3000),
  name: 'sea.jpg',
  mimeType: 'image/jpeg',
  kind: 'image',
  size: 240_000,
  width: 1600,
  height: 1200,
  ...change,
})

export const groupChat: Chat = {
  id: id(100),
  type: 'group',
  name: 'Север',
  description: '',
  avatarId: null,
  createdBy: anna.id,
  maxMembers: 100,
  memberCount: 8,
  callSettings: { muteAll: false, onlyAdminsCanSpeak: false },
  createdAt: '2026-03-10T08:00:00.000Z',
  peer: null,
  self: {
    role: 'owner',
    permissions: defaultPermissions,
    joinedAt: '2026-03-10T08:00:00.000Z',
    readSeq: 0,
    muted: false,
  },
  lastSeq: 1,
  lastMessage: message({}),
  unreadCount: 3,
  othersReadSeq: 0,
  mentionCount: 0,
  call: null,
}

export const personalChat: Chat = {
  ...groupChat,
  id: id(101),
  type: 'personal',
  name: null,
  memberCount: 2,
  peer: boris,
  unreadCount: 0,
}

export const call: Call = {
  id: id(200),
  chatId: groupChat.id,
  initiatorId: boris.id,
  type: 'video',
  status: 'ringing',
  createdAt: '2026-03-10T09:00:00.000Z',
  answeredAt: null,
  epoch: 1,
  peers: [{ userId: boris.id, joinedAt: '2026-03-10T09:00:00.000Z', sources: ['microphone'] }],
  declined: [],
}
