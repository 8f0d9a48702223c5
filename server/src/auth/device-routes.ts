import { changePasswordBodySchema, deviceParamsSchema } from '@beseda/protocol/auth'
import type { App } from '../http/app-type.ts'
import { routeLimits } from '../http/rate-limits.ts'
import type { Services } from '../services.ts'
import { changePassword } from './accounts.ts'
import { endDevice, endDevices, listDevices, tellEnded } from './devices.ts'

/** Routes of one's own sessions and password, for signed-in users. */
export function deviceRoutes(app: App, services: Services) {
  const { db, bus } = services

  app.get('/me/sessions', async (request) => {
    const { sub, sid } = request.user
    return { items: await listDevices(db, sub, sid), nextCursor: null }
  })

  app.delete(
    '/me/sessions/:sessionId',
    { schema: { params: deviceParamsSchema } },
    async (request, reply) => {
      const { sessionId } = request.params
      await endDevice(db, request.user.sub, sessionId)
      tellEnded(bus, [sessionId])
      return reply.code(204).send()
    },
  )

  /** All but the one that asks. */
  app.delete('/me/sessions', async (request, reply) => {
    const { sub, sid } = request.user
    tellEnded(bus, await endDevices(db, sub, sid))
    return reply.code(204).send()
  })

  app.put(
    '/me/password',
    { schema: { body: changePasswordBodySchema }, config: routeLimits.password },
    async (request, reply) => {
      await changePassword(services, request.user, request.body, request.ip)
      return reply.code(204).send()
    },
  )
}
