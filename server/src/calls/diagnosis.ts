import { callTokenSeconds } from '@beseda/protocol/call-token'
import type { Diagnosis } from '@beseda/protocol/diagnosis'
import type { FastifyRequest } from 'fastify'
import { v4 } from 'uuid'
import { permit } from '../administration/actor.ts'
import type { App } from '../http/app-type.ts'
import { originOf } from '../http/origin.ts'
import { routeLimits } from '../http/rate-limits.ts'
import type { Services } from '../services.ts'
import { iceServersFor } from './ice.ts'
import { signallingUrl, signClaims } from './join.ts'

type Deps = Pick<Services, 'calls' | 'settings'>

/**
 * Everything with which somebody can try the ways of media.
 *
 * @param origin where they find this server
 */
async function diagnose({ calls, settings }: Deps, userId: string, origin: string) {
  const now = calls.now()
  // As it is at this moment.
  calls.nodes.refresh()
  const nodes = await calls.nodes.list()
  const iat = now / 1000
  const exp = Math.floor(iat) + callTokenSeconds
  return {
    nodes: nodes.map((node) => ({
      url: signallingUrl(node, origin),
      token: signClaims(
        { aud: 'sfu', sub: userId, probe: true, node: node.node, iat, exp },
        settings.CALL_TOKEN_SECRET,
      ),
    })),
    iceServers: iceServersFor(userId, settings, now),
  } satisfies Diagnosis
}

/** The route of the page's check of its connection, for whoever is signed in. */
export function diagnosisRoutes(app: App, deps: Deps): void {
  app.post('/diagnosis', { config: routeLimits.diagnosis }, (request) =>
    diagnose(deps, request.user.sub, originOf(request, deps.settings.PUBLIC_URL)),
  )
}

/** The same for the doctor on the command line. */
export function hostDiagnosisRoutes(app: App, deps: Deps): void {
  app.post('/admin/diagnosis', (request: FastifyRequest) => {
    permit(request.actor, { do: 'look' })
    return diagnose(deps, v4(), originOf(request, deps.settings.PUBLIC_URL))
  })
}
