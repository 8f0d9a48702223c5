import { updateMeBodySchema, userSearchQuerySchema } from '@beseda/protocol/users'
import { z } from 'zod'
import type { App } from '../http/app-type.ts'
import type { Services } from '../services.ts'
import { updateMe } from './me.ts'
import { searchUsers } from './search.ts'
import { getUserRow, showUser, showUsers } from './store.ts'

const userParamsSchema = z.object({ userId: z.uuid() })

/** Routes of profiles, for signed-in users. */
export function userRoutes(app: App, services: Services) {
  const { db } = services

  app.get('/me', async (request) => showUser(services, await getUserRow(db, request.user.sub)))

  app.patch('/me', { schema: { body: updateMeBodySchema } }, async (request) =>
    showUser(services, await updateMe(services, request.user.sub, request.body)),
  )

  app.get('/users', { schema: { querystring: userSearchQuerySchema } }, async (request) => {
    const page = await searchUsers(services, request.query)
    return { ...page, items: await showUsers(services, page.items) }
  })

  app.get('/users/:userId', { schema: { params: userParamsSchema } }, async (request) =>
    showUser(services, await getUserRow(db, request.params.userId)),
  )
}
