import { chatParamsSchema } from '@beseda/protocol/chats'
import {
  chatInviteParamsSchema,
  createInviteBodySchema,
  inviteParamsSchema,
} from '@beseda/protocol/invites'
import type { FastifyRequest } from 'fastify'
import { bearerToken, type makeAuthHook } from '../auth/hook.ts'
import { allow, loadMembership } from '../chats/membership.ts'
import { showChat } from '../chats/view.ts'
import { serveFile } from '../files/serve.ts'
import type { App } from '../http/app-type.ts'
import { routeLimits } from '../http/rate-limits.ts'
import type { Services } from '../services.ts'
import { joinByInvite, previewInvite, requireInvitePicture } from './join.ts'
import { createInvite, revokeInvite } from './manage.ts'
import { listInvites } from './store.ts'

/** Routes of invitations, for signed-in users. */
export function inviteRoutes(app: App, services: Services) {
  const { db } = services

  app.get('/chats/:chatId/invites', { schema: { params: chatParamsSchema } }, async (request) => {
    const { chatId } = request.params
    allow(await loadMembership(db, chatId, request.user.sub), { do: 'invite' })
    return { items: await listInvites(db, chatId), nextCursor: null }
  })

  app.post(
    '/chats/:chatId/invites',
    {
      schema: { params: chatParamsSchema, body: createInviteBodySchema },
      config: routeLimits.createInvite,
    },
    async (request, reply) => {
      reply.code(201)
      return createInvite(db, request.params.chatId, request.user.sub, request.body)
    },
  )

  app.delete(
    '/chats/:chatId/invites/:code',
    { schema: { params: chatInviteParamsSchema } },
    async (request, reply) => {
      const { chatId, code } = request.params
      await revokeInvite(db, chatId, request.user.sub, code)
      return reply.code(204).send()
    },
  )

  app.post(
    '/invites/:code/join',
    { schema: { params: inviteParamsSchema }, config: routeLimits.invites },
    async (request) =>
      showChat(services, await joinByInvite(services, request.params.code, request.user.sub)),
  )
}

type PreviewDeps = Services & { authenticate: ReturnType<typeof makeAuthHook> }

/** What a link leads to, also for somebody without an account. */
export function invitePreviewRoutes(app: App, { db, folder, authenticate }: PreviewDeps) {
  /** Whoever sends no token is nobody; one that is not good is refused as everywhere. */
  async function authenticateIfAny(request: FastifyRequest) {
    if (bearerToken(request) !== undefined) await authenticate(request)
  }

  app.get(
    '/invites/:code',
    {
      schema: { params: inviteParamsSchema },
      onRequest: authenticateIfAny,
      config: routeLimits.invites,
    },
    async (request) => {
      const signedIn = bearerToken(request) !== undefined
      return previewInvite(db, request.params.code, signedIn ? request.user.sub : null)
    },
  )

  app.get(
    '/invites/:code/picture',
    { schema: { params: inviteParamsSchema }, config: routeLimits.invites },
    async (request, reply) => {
      const file = await requireInvitePicture(db, request.params.code)
      return serveFile(folder, file, { variant: 'original', download: undefined }, request, reply)
    },
  )
}
