import {
  callLogQuerySchema,
  callParamsSchema,
  callPeerParamsSchema,
  joinCallBodySchema,
  startCallBodySchema,
  updateCallPeerBodySchema,
} from '@beseda/protocol/calls'
import { chatParamsSchema } from '@beseda/protocol/chats'
import type { FastifyRequest } from 'fastify'
import { loadMembership } from '../chats/membership.ts'
import type { App } from '../http/app-type.ts'
import { originOf } from '../http/origin.ts'
import type { Services } from '../services.ts'
import type { Visitor } from './entry.ts'
import { declineCall, endCall } from './exit.ts'
import { showCall } from './find.ts'
import { listCalls } from './history.ts'
import { removePeer, updatePeer } from './moderate.ts'
import { toCall } from './snapshot.ts'

/** A join may come without a body. */
const optionalJoinBodySchema = joinCallBodySchema
  .nullish()
  .transform((body) => body ?? joinCallBodySchema.parse({}))

/** Start, join, decline, end and look up calls. */
export function callRoutes(app: App, { db, bus, calls, settings }: Services) {
  const { states, control, entry, seats, now } = calls
  const visitor = (
    request: FastifyRequest,
    { leaveOther, resumeKey }: { leaveOther: boolean; resumeKey?: string | undefined },
  ): Visitor => ({
    userId: request.user.sub,
    origin: originOf(request, settings.PUBLIC_URL),
    leaveOther,
    resumeKey,
  })

  app.post(
    '/chats/:chatId/calls',
    { schema: { params: chatParamsSchema, body: startCallBodySchema } },
    async (request, reply) => {
      const { params, body } = request
      const { created, answer } = await entry.start(
        visitor(request, body),
        params.chatId,
        body.type,
      )
      return reply.code(created ? 201 : 200).send(answer)
    },
  )

  app.get(
    '/chats/:chatId/calls',
    { schema: { params: chatParamsSchema, querystring: callLogQuerySchema } },
    async (request) => {
      const { chatId } = request.params
      await loadMembership(db, chatId, request.user.sub)
      return listCalls(db, chatId, request.query)
    },
  )

  app.get('/calls/:callId', { schema: { params: callParamsSchema } }, (request) =>
    showCall({ db, states }, request.params.callId, request.user.sub),
  )

  app.post(
    '/calls/:callId/join',
    { schema: { params: callParamsSchema, body: optionalJoinBodySchema } },
    (request) => {
      const { params, body } = request
      return entry.join(visitor(request, body), params.callId, body.failedEpoch)
    },
  )

  app.post(
    '/calls/:callId/decline',
    { schema: { params: callParamsSchema } },
    async (request, reply) => {
      await declineCall({ db, states, bus, control }, request.params.callId, request.user.sub)
      return reply.code(204).send()
    },
  )

  app.post(
    '/calls/:callId/end',
    { schema: { params: callParamsSchema } },
    async (request, reply) => {
      await endCall({ db, states, bus, control }, request.params.callId, request.user.sub)
      return reply.code(204).send()
    },
  )

  app.get('/me/call', async (request) => {
    const call = await seats.whereIs(request.user.sub)
    return { call: call && toCall(call) }
  })

  app.patch(
    '/calls/:callId/peers/:userId',
    { schema: { params: callPeerParamsSchema, body: updateCallPeerBodySchema } },
    async (request, reply) => {
      const moderation = { ...request.params, actorId: request.user.sub }
      await updatePeer({ db, states, bus, control, now }, moderation, request.body)
      return reply.code(204).send()
    },
  )

  app.delete(
    '/calls/:callId/peers/:userId',
    { schema: { params: callPeerParamsSchema } },
    async (request, reply) => {
      const moderation = { ...request.params, actorId: request.user.sub }
      await removePeer({ db, states, bus, control, now }, moderation)
      return reply.code(204).send()
    },
  )
}
