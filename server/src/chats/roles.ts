import type { updateMemberBodySchema } from '@beseda/protocol/chats'
import type { Message } from '@beseda/protocol/messages'
import { type Permission, permissionsSchema } from '@beseda/protocol/permissions'
import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Transaction } from '../db/database.ts'
import { refuse, refuseField } from '../errors.ts'
import type { Bus } from '../events/bus.ts'
import { writeSystemMessage } from '../messages/store.ts'
import type { Services } from '../services.ts'
import {
  allow,
  findMember,
  loadMembership,
  lockMembership,
  type Membership,
  requireMember,
} from './membership.ts'
import { requireUser } from './people.ts'
import { chatMembers, type MemberRow } from './schema.ts'

type Deps = Pick<Services, 'db' | 'bus' | 'calls'>
type Body = z.output<typeof updateMemberBodySchema>
type Rights = Pick<MemberRow, 'role' | 'permissions'>

/**
 * Change another member's role or permissions.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN
 */
export async function updateMember(
  { db, bus, calls }: Deps,
  chatId: string,
  actorId: string,
  userId: string,
  body: Body,
): Promise<void> {
  const { before, after, message } = await db.transaction((tx) =>
    writeRights(tx, chatId, actorId, userId, body),
  )
  if (after === before) return
  tellRights(bus, after)
  if (!message) return
  bus.publish({ chatId }, { type: 'message.created', message })
  await calls.chatChanges.refreshRights(chatId, [userId])
}

/**
 * Make another member the owner; the one who was it becomes an admin.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN, VALIDATION
 */
export async function transferOwnership(
  { db, bus, calls }: Deps,
  chatId: string,
  actorId: string,
  userId: string,
): Promise<Membership> {
  if (userId === actorId) throw refuseField('userId', 'is yourself')
  const { membership, owner, message } = await db.transaction(async (tx) => {
    const { member } = allow(await lockMembership(tx, chatId, actorId), { do: 'transferOwnership' })
    const target = await findMember(tx, chatId, userId)
    if (!target) throw refuseField('userId', 'is not a member of this chat')
    await setRights(tx, member, { role: 'admin' })
    const owner = await setRights(tx, target, { role: 'owner' })
    const [actor, user] = [await requireUser(tx, actorId), await requireUser(tx, userId)]
    const event = { event: 'chat.owner' as const, actor, user }
    const message = await writeSystemMessage(tx, chatId, actorId, event)
    return { membership: await loadMembership(tx, chatId, actorId), owner, message }
  })
  tellRights(bus, membership.member)
  tellRights(bus, owner)
  bus.publish({ chatId }, { type: 'message.created', message })
  await calls.chatChanges.refreshRights(chatId, [actorId, userId])
  return membership
}

async function writeRights(
  tx: Transaction,
  chatId: string,
  actorId: string,
  userId: string,
  { role, permissions }: Body,
): Promise<{ before: MemberRow; after: MemberRow; message?: Message }> {
  const membership = await lockMembership(tx, chatId, actorId)
  const before = await requireMember(tx, chatId, userId)
  if (userId === actorId) throw refuse('FORBIDDEN', 'Nobody changes their own rights.')
  const changed = changedOf(before, permissions)
  if (role) allow(membership, { do: 'changeRole', target: before.role, to: role })
  if (permissions) {
    allow(membership, { do: 'changePermissions', target: before.role, changed })
  }
  const isNewRole = role !== undefined && role !== before.role
  if (!isNewRole && changed.length === 0) return { before, after: before }

  const after = await setRights(tx, before, {
    role: role ?? before.role,
    permissions: permissionsSchema.parse({ ...before.permissions, ...permissions }),
  })
  if (!isNewRole) return { before, after }
  const [actor, user] = [await requireUser(tx, actorId), await requireUser(tx, userId)]
  const event = { event: 'member.role' as const, actor, user, role }
  return { before, after, message: await writeSystemMessage(tx, chatId, actorId, event) }
}

function changedOf(member: MemberRow, wanted: Body['permissions'] = {}): Permission[] {
  return permissionsSchema
    .keyof()
    .options.filter(
      (name) => wanted[name] !== undefined && wanted[name] !== member.permissions[name],
    )
}

async function setRights(
  tx: Transaction,
  { chatId, userId }: MemberRow,
  rights: Partial<Rights>,
): Promise<MemberRow> {
  const [member] = await tx
    .update(chatMembers)
    .set(rights)
    .where(and(eq(chatMembers.chatId, chatId), eq(chatMembers.userId, userId)))
    .returning()
  if (!member) throw new Error('a member was not updated')
  return member
}

function tellRights(bus: Bus, { chatId, userId, role, permissions }: MemberRow) {
  bus.publish({ chatId }, { type: 'member.updated', chatId, userId, role, permissions })
}
