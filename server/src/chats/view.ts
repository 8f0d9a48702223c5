import type { Chat, ChatInfo } from '@beseda/protocol/chats'
import type { Message } from '@beseda/protocol/messages'
import type { User } from '@beseda/protocol/users'
import { and, eq, inArray, ne } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { othersReadSeqs, unreadCounts } from '../messages/read.ts'
import { messages } from '../messages/schema.ts'
import { selectMessages, showMessages } from '../messages/view.ts'
import type { Connections } from '../presence/connections.ts'
import type { Services } from '../services.ts'
import { users } from '../users/schema.ts'
import { showUsers } from '../users/store.ts'
import type { Membership } from './membership.ts'
import { type ChatRow, chatMembers, chats } from './schema.ts'

type Deps = Pick<Services, 'db' | 'calls' | 'connections'>

/** Chats as one of their members sees them, in the same order. */
export async function showChats(
  { db, calls, connections }: Deps,
  memberships: Membership[],
  userId: string,
): Promise<Chat[]> {
  const ids = memberships.map(({ chat }) => chat.id)
  const personal = memberships.filter(({ chat }) => chat.type === 'personal')
  const [peers, lastMessages, unread, othersRead, current] = await Promise.all([
    peersOf(
      { db, connections },
      personal.map(({ chat }) => chat.id),
      userId,
    ),
    lastMessagesOf(db, ids, userId),
    unreadCounts(db, ids, userId),
    othersReadSeqs(db, ids, userId),
    calls.current(ids),
  ])
  return memberships.map(({ chat, member }) => ({
    ...toChatInfo(chat),
    peer: peers.get(chat.id) ?? null,
    self: {
      role: member.role,
      permissions: member.permissions,
      joinedAt: member.joinedAt.toISOString(),
      readSeq: member.readSeq,
      muted: member.muted,
    },
    lastSeq: chat.lastSeq,
    lastMessage: lastMessages.get(chat.id) ?? null,
    unreadCount: unread.get(chat.id)?.count ?? 0,
    othersReadSeq: othersRead.get(chat.id) ?? 0,
    mentionCount: unread.get(chat.id)?.mentions ?? 0,
    call: current.get(chat.id) ?? null,
  }))
}

/** One chat as one of its members sees it. */
export async function showChat(deps: Deps, membership: Membership): Promise<Chat> {
  const [chat] = await showChats(deps, [membership], membership.member.userId)
  if (!chat) throw new Error('a chat was not shown')
  return chat
}

/** What a chat is to everybody in it. */
export function toChatInfo(chat: ChatRow): ChatInfo {
  return {
    id: chat.id,
    type: chat.type,
    name: chat.name,
    description: chat.description,
    avatarId: chat.avatarId,
    createdBy: chat.createdBy,
    maxMembers: chat.maxMembers,
    memberCount: chat.memberCount,
    callSettings: chat.callSettings,
    createdAt: chat.createdAt.toISOString(),
  }
}

async function peersOf(
  { db, connections }: { db: Database; connections: Connections },
  chatIds: string[],
  userId: string,
): Promise<Map<string, User>> {
  if (chatIds.length === 0) return new Map()
  const rows = await db
    .select({ chatId: chatMembers.chatId, user: users })
    .from(chatMembers)
    .innerJoin(users, eq(users.id, chatMembers.userId))
    .where(and(inArray(chatMembers.chatId, chatIds), ne(chatMembers.userId, userId)))
  const shown = await showUsers(
    { connections },
    rows.map((row) => row.user),
  )
  return new Map(
    rows.flatMap(({ chatId }, index): [string, User][] => {
      const user = shown[index]
      return user ? [[chatId, user]] : []
    }),
  )
}

async function lastMessagesOf(
  db: Database,
  chatIds: string[],
  readerId: string,
): Promise<Map<string, Message>> {
  if (chatIds.length === 0) return new Map()
  const rows = await selectMessages(db)
    .innerJoin(chats, and(eq(chats.id, messages.chatId), eq(chats.lastSeq, messages.seq)))
    .where(inArray(chats.id, chatIds))
  const shown = await showMessages(db, rows, readerId)
  return new Map(shown.map((message) => [message.chatId, message]))
}
