import { chatParamsSchema } from '@beseda/protocol/chats'
import { messageParamsSchema, reactionParamsSchema } from '@beseda/protocol/messages'
import { loadMembership } from '../chats/membership.ts'
import type { App } from '../http/app-type.ts'
import type { Services } from '../services.ts'
import { listPins, pinMessage, unpinMessage } from './pin.ts'
import { addReaction, removeReaction } from './react.ts'

/** Routes of what is put on messages: reactions and pins. For signed-in users. */
export function markRoutes(app: App, services: Services) {
  const { db } = services
  const reaction = '/chats/:chatId/messages/:messageId/reactions/:emoji'
  const pin = '/chats/:chatId/messages/:messageId/pin'

  app.put(reaction, { schema: { params: reactionParamsSchema } }, async (request, reply) => {
    await addReaction(services, request.params, request.user.sub)
    return reply.code(204).send()
  })

  app.delete(reaction, { schema: { params: reactionParamsSchema } }, async (request, reply) => {
    await removeReaction(services, request.params, request.user.sub)
    return reply.code(204).send()
  })

  app.put(pin, { schema: { params: messageParamsSchema } }, async (request, reply) => {
    await pinMessage(services, request.params, request.user.sub)
    return reply.code(204).send()
  })

  app.delete(pin, { schema: { params: messageParamsSchema } }, async (request, reply) => {
    await unpinMessage(services, request.params, request.user.sub)
    return reply.code(204).send()
  })

  app.get('/chats/:chatId/pins', { schema: { params: chatParamsSchema } }, async (request) => {
    const { chat } = await loadMembership(db, request.params.chatId, request.user.sub)
    return listPins(db, chat.id, request.user.sub)
  })
}
