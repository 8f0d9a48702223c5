import { drainBodySchema, nodeParamsSchema } from '@beseda/protocol/administration'
import { callParamsSchema } from '@beseda/protocol/calls'
import type { App } from '../http/app-type.ts'
import type { Services } from '../services.ts'
import { drainNode, endAnyCall, listLiveCalls, listLiveNodes } from './live.ts'

/** The calls that are on and the nodes that carry them, for administrators. */
export function adminLiveRoutes(app: App, services: Services): void {
  app.get('/admin/calls', async () => ({
    items: await listLiveCalls(services),
    nextCursor: null,
  }))

  app.post(
    '/admin/calls/:callId/end',
    { schema: { params: callParamsSchema } },
    async (request, reply) => {
      await endAnyCall(services, request.actor, request.params.callId)
      return reply.code(204).send()
    },
  )

  app.get('/admin/nodes', async () => ({
    items: await listLiveNodes(services),
    nextCursor: null,
  }))

  app.put(
    '/admin/nodes/:node/draining',
    { schema: { params: nodeParamsSchema, body: drainBodySchema } },
    async (request, reply) => {
      await drainNode(services, request.actor, request.params.node, request.body.on)
      return reply.code(204).send()
    },
  )
}
