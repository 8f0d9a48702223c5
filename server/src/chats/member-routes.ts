import {
  addMembersBodySchema,
  chatParamsSchema,
  memberListQuerySchema,
  memberParamsSchema,
  transferOwnershipBodySchema,
  updateMemberBodySchema,
} from '@beseda/protocol/chats'
import type { App } from '../http/app-type.ts'
import type { Services } from '../services.ts'
import { leaveChat, removeMember } from './leave.ts'
import { listMembers, showMember } from './member-list.ts'
import { addMembers } from './members.ts'
import { loadMembership } from './membership.ts'
import { transferOwnership, updateMember } from './roles.ts'
import { showChat } from './view.ts'

/** Routes of a chat's members and what they may do, for signed-in users. */
export function memberRoutes(app: App, services: Services) {
  app.get(
    '/chats/:chatId/members',
    { schema: { params: chatParamsSchema, querystring: memberListQuerySchema } },
    async (request) => {
      const { chatId } = request.params
      await loadMembership(services.db, chatId, request.user.sub)
      return listMembers(services, chatId, request.query)
    },
  )

  app.post(
    '/chats/:chatId/members',
    { schema: { params: chatParamsSchema, body: addMembersBodySchema } },
    async (request) => {
      const { params, user, body } = request
      return { added: await addMembers(services, params.chatId, user.sub, body.userIds) }
    },
  )

  app.patch(
    '/chats/:chatId/members/:userId',
    { schema: { params: memberParamsSchema, body: updateMemberBodySchema } },
    async (request) => {
      const { chatId, userId } = request.params
      await updateMember(services, chatId, request.user.sub, userId, request.body)
      return showMember(services, chatId, userId)
    },
  )

  app.delete(
    '/chats/:chatId/members/:userId',
    { schema: { params: memberParamsSchema } },
    async (request, reply) => {
      const { chatId, userId } = request.params
      const actorId = request.user.sub
      if (userId === actorId) await leaveChat(services, chatId, userId)
      else await removeMember(services, chatId, actorId, userId)
      return reply.code(204).send()
    },
  )

  app.post(
    '/chats/:chatId/owner',
    { schema: { params: chatParamsSchema, body: transferOwnershipBodySchema } },
    async (request) => {
      const { params, user, body } = request
      const membership = await transferOwnership(services, params.chatId, user.sub, body.userId)
      return showChat(services, membership)
    },
  )
}
