import {
  adminUserParamsSchema,
  adminUserSessionParamsSchema,
  updateAdminUserBodySchema,
} from '@beseda/protocol/administration'
import { userSearchQuerySchema } from '@beseda/protocol/users'
import { listDevices } from '../auth/devices.ts'
import type { App } from '../http/app-type.ts'
import type { Services } from '../services.ts'
import { getUserRow } from '../users/store.ts'
import { showLink } from './link-address.ts'
import {
  changeServerRole,
  disableUser,
  enableUser,
  endSessionsOf,
  listUsers,
  makeResetLink,
  showUserToAdmin,
} from './users.ts'

/** Accounts and their sessions, for administrators. */
export function adminUserRoutes(app: App, services: Services): void {
  const { db, settings } = services

  app.get('/admin/users', { schema: { querystring: userSearchQuerySchema } }, (request) =>
    listUsers(services, request.query),
  )

  app.get('/admin/users/:userId', { schema: { params: adminUserParamsSchema } }, (request) =>
    showUserToAdmin(services, request.params.userId),
  )

  app.patch(
    '/admin/users/:userId',
    { schema: { params: adminUserParamsSchema, body: updateAdminUserBodySchema } },
    async ({ actor, params: { userId }, body: { disabled, serverRole } }) => {
      if (serverRole !== undefined) await changeServerRole(services, actor, userId, serverRole)
      if (disabled === true) await disableUser(services, actor, userId)
      if (disabled === false) await enableUser(services, actor, userId)
      return showUserToAdmin(services, userId)
    },
  )

  app.post(
    '/admin/users/:userId/reset-link',
    { schema: { params: adminUserParamsSchema } },
    async (request, reply) => {
      const link = await makeResetLink(services, request.actor, request.params.userId)
      return reply.code(201).send(showLink(settings, request, 'reset', link))
    },
  )

  app.get(
    '/admin/users/:userId/sessions',
    { schema: { params: adminUserParamsSchema } },
    async (request) => {
      const { id } = await getUserRow(db, request.params.userId)
      return { items: await listDevices(db, id, null), nextCursor: null }
    },
  )

  app.delete(
    '/admin/users/:userId/sessions',
    { schema: { params: adminUserParamsSchema } },
    async (request, reply) => {
      await endSessionsOf(services, request.actor, request.params.userId)
      return reply.code(204).send()
    },
  )

  app.delete(
    '/admin/users/:userId/sessions/:sessionId',
    { schema: { params: adminUserSessionParamsSchema } },
    async (request, reply) => {
      const { userId, sessionId } = request.params
      await endSessionsOf(services, request.actor, userId, sessionId)
      return reply.code(204).send()
    },
  )
}
