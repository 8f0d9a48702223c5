import { updateServerRulesBodySchema } from '@beseda/protocol/administration'
import { createInviteBodySchema, inviteParamsSchema } from '@beseda/protocol/invites'
import type { App } from '../http/app-type.ts'
import { routeLimits } from '../http/rate-limits.ts'
import type { Services } from '../services.ts'
import {
  createServerInvite,
  listServerInvites,
  previewServerInvite,
  revokeServerInvite,
} from './server-invites.ts'

/** What administrators decide while the server runs, and whom they invite. */
export function adminRuleRoutes(app: App, { db, rules }: Services): void {
  app.get('/admin/rules', () => rules.read(db))

  app.patch('/admin/rules', { schema: { body: updateServerRulesBodySchema } }, (request) =>
    rules.change(db, request.actor, request.body),
  )

  app.get('/admin/invites', async () => ({
    items: await listServerInvites(db),
    nextCursor: null,
  }))

  app.post(
    '/admin/invites',
    { schema: { body: createInviteBodySchema }, config: routeLimits.createInvite },
    async (request, reply) =>
      reply.code(201).send(await createServerInvite(db, request.actor, request.body)),
  )

  app.delete(
    '/admin/invites/:code',
    { schema: { params: inviteParamsSchema } },
    async (request, reply) => {
      await revokeServerInvite(db, request.actor, request.params.code)
      return reply.code(204).send()
    },
  )
}

/** What a link to the server leads to, for somebody without an account. */
export function serverInviteRoutes(app: App, { db }: Services): void {
  app.get(
    '/server-invites/:code',
    { schema: { params: inviteParamsSchema }, config: routeLimits.invites },
    (request) => previewServerInvite(db, request.params.code),
  )
}
