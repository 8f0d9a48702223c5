import { chatParamsSchema } from '@beseda/protocol/chats'
import {
  editMessageBodySchema,
  messageListQuerySchema,
  messageParamsSchema,
  messageSearchQuerySchema,
  readBodySchema,
  sendMessageBodySchema,
} from '@beseda/protocol/messages'
import { loadMembership } from '../chats/membership.ts'
import type { App } from '../http/app-type.ts'
import { routeLimits } from '../http/rate-limits.ts'
import type { Services } from '../services.ts'
import { deleteMessage } from './delete.ts'
import { editMessage } from './edit.ts'
import { listMessages } from './history.ts'
import { markRead } from './read.ts'
import { searchMessages } from './search.ts'
import { sendMessage } from './send.ts'
import { readMessage } from './store.ts'

/** Routes of a chat's messages, for signed-in users. */
export function messageRoutes(app: App, services: Services) {
  const { db } = services

  app.get(
    '/chats/:chatId/messages',
    { schema: { params: chatParamsSchema, querystring: messageListQuerySchema } },
    async (request) => {
      const readerId = request.user.sub
      const { chat } = await loadMembership(db, request.params.chatId, readerId)
      const reading = { chatId: chat.id, lastSeq: chat.lastSeq, readerId }
      return listMessages(db, reading, request.query)
    },
  )

  app.post(
    '/chats/:chatId/messages',
    {
      schema: { params: chatParamsSchema, body: sendMessageBodySchema },
      config: routeLimits.messages,
    },
    async (request, reply) => {
      reply.code(201)
      return sendMessage(services, request.params.chatId, request.user.sub, request.body)
    },
  )

  app.get(
    '/chats/:chatId/messages/:messageId',
    { schema: { params: messageParamsSchema } },
    async (request) => {
      const readerId = request.user.sub
      await loadMembership(db, request.params.chatId, readerId)
      return readMessage(db, request.params, readerId)
    },
  )

  app.patch(
    '/chats/:chatId/messages/:messageId',
    {
      schema: { params: messageParamsSchema, body: editMessageBodySchema },
      config: routeLimits.messages,
    },
    async (request) => editMessage(services, request.params, request.user.sub, request.body.body),
  )

  app.delete(
    '/chats/:chatId/messages/:messageId',
    { schema: { params: messageParamsSchema } },
    async (request, reply) => {
      await deleteMessage(services, request.params, request.user.sub)
      return reply.code(204).send()
    },
  )

  app.put(
    '/chats/:chatId/read',
    { schema: { params: chatParamsSchema, body: readBodySchema } },
    async (request) =>
      markRead(services, request.params.chatId, request.user.sub, request.body.seq),
  )

  app.get(
    '/search/messages',
    { schema: { querystring: messageSearchQuerySchema }, config: routeLimits.search },
    async (request) => searchMessages(db, request.user.sub, request.query),
  )
}
