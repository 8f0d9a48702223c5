import type { updateChatBodySchema } from '@beseda/protocol/chats'
import type { Message, SystemEvent } from '@beseda/protocol/messages'
import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Transaction } from '../db/database.ts'
import { requireOwnPicture } from '../files/store.ts'
import { writeSystemMessage } from '../messages/store.ts'
import type { Services } from '../services.ts'
import { allow, loadMembership, lockMembership, type Membership } from './membership.ts'
import { type Named, requireUser } from './people.ts'
import { type ChatRow, chats } from './schema.ts'
import { toChatInfo } from './view.ts'

type Body = z.output<typeof updateChatBodySchema>
type Changes = Partial<Pick<ChatRow, 'name' | 'description' | 'avatarId' | 'callSettings'>>

/**
 * Change what a chat is to everybody in it, with one message for each kind of
 * change. What stays as it was is not told of.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN, VALIDATION
 */
export async function updateChat(
  { db, bus, calls }: Pick<Services, 'db' | 'bus' | 'calls'>,
  chatId: string,
  actorId: string,
  body: Body,
): Promise<Membership> {
  const { membership, changes, messages } = await db.transaction((tx) =>
    writeChanges(tx, chatId, actorId, body),
  )
  if (messages.length === 0) return membership
  bus.publish({ chatId }, { type: 'chat.updated', chat: toChatInfo(membership.chat) })
  for (const message of messages) bus.publish({ chatId }, { type: 'message.created', message })
  if (changes.callSettings) await calls.chatChanges.refreshRights(chatId)
  return membership
}

async function writeChanges(
  tx: Transaction,
  chatId: string,
  actorId: string,
  body: Body,
): Promise<{ membership: Membership; changes: Changes; messages: Message[] }> {
  const before = await lockMembership(tx, chatId, actorId)
  const { callSettings, ...info } = body
  if (Object.values(info).some((value) => value !== undefined)) allow(before, { do: 'editInfo' })
  if (callSettings) allow(before, { do: 'editCallSettings' })

  const changes = changesOf(before.chat, body)
  if (Object.keys(changes).length === 0) return { membership: before, changes, messages: [] }
  if (changes.avatarId) await requireOwnPicture(tx, changes.avatarId, actorId)
  await tx.update(chats).set(changes).where(eq(chats.id, chatId))
  const messages: Message[] = []
  for (const event of eventsOf(await requireUser(tx, actorId), changes)) {
    messages.push(await writeSystemMessage(tx, chatId, actorId, event))
  }
  return { membership: await loadMembership(tx, chatId, actorId), changes, messages }
}

/** What of the body differs from the chat. */
function changesOf(chat: ChatRow, { name, description, avatarId, callSettings }: Body): Changes {
  const settings = { ...chat.callSettings, ...callSettings }
  const { muteAll, onlyAdminsCanSpeak } = chat.callSettings
  const settingsDiffer =
    settings.muteAll !== muteAll || settings.onlyAdminsCanSpeak !== onlyAdminsCanSpeak
  return {
    ...(name !== undefined && name !== chat.name && { name }),
    ...(description !== undefined && description !== chat.description && { description }),
    ...(avatarId !== undefined && avatarId !== chat.avatarId && { avatarId }),
    ...(settingsDiffer && { callSettings: settings }),
  }
}

function eventsOf(actor: Named, changes: Changes): SystemEvent[] {
  const { name, description, avatarId, callSettings } = changes
  const events: SystemEvent[] = []
  if (name) events.push({ event: 'chat.renamed', actor, name })
  if (description !== undefined) events.push({ event: 'chat.described', actor })
  if (avatarId !== undefined) events.push({ event: 'chat.pictured', actor })
  if (callSettings) events.push({ event: 'chat.speakers', actor, ...callSettings })
  return events
}
