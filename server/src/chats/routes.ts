import {
  chatListQuerySchema,
  chatParamsSchema,
  createChatBodySchema,
  muteBodySchema,
  updateChatBodySchema,
} from '@beseda/protocol/chats'
import type { App } from '../http/app-type.ts'
import { routeLimits } from '../http/rate-limits.ts'
import type { Services } from '../services.ts'
import { deleteChat } from './close.ts'
import { createGroup, openPersonalChat } from './create.ts'
import { updateChat } from './edit.ts'
import { loadMembership } from './membership.ts'
import { muteChat } from './mute.ts'
import { listChats } from './store.ts'
import { showChat, showChats } from './view.ts'

/** Routes of chats, for signed-in users. */
export function chatRoutes(app: App, services: Services) {
  const { db } = services

  app.post(
    '/chats',
    { schema: { body: createChatBodySchema }, config: routeLimits.createChat },
    async (request, reply) => {
      const { body, user } = request
      if (body.type === 'personal') {
        const { isNew, ...membership } = await openPersonalChat(services, user.sub, body.userId)
        reply.code(isNew ? 201 : 200)
        return showChat(services, membership)
      }
      reply.code(201)
      return showChat(services, await createGroup(services, user.sub, body))
    },
  )

  app.get('/chats', { schema: { querystring: chatListQuerySchema } }, async (request) => {
    const userId = request.user.sub
    const { items, nextCursor } = await listChats(db, userId, request.query)
    return { items: await showChats(services, items, userId), nextCursor }
  })

  app.get('/chats/:chatId', { schema: { params: chatParamsSchema } }, async (request) =>
    showChat(services, await loadMembership(db, request.params.chatId, request.user.sub)),
  )

  app.patch(
    '/chats/:chatId',
    { schema: { params: chatParamsSchema, body: updateChatBodySchema } },
    async (request) => {
      const { params, user, body } = request
      return showChat(services, await updateChat(services, params.chatId, user.sub, body))
    },
  )

  app.delete('/chats/:chatId', { schema: { params: chatParamsSchema } }, async (request, reply) => {
    await deleteChat(services, request.params.chatId, request.user.sub)
    return reply.code(204).send()
  })

  app.put(
    '/chats/:chatId/mute',
    { schema: { params: chatParamsSchema, body: muteBodySchema } },
    async (request) => {
      const { muted } = request.body
      await muteChat(services, request.params.chatId, request.user.sub, muted)
      return { muted }
    },
  )
}
