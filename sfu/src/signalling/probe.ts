import { probeSeconds } from '@beseda/protocol/diagnosis'
import type { ReplyData } from '@beseda/protocol/signalling'
import type { types } from 'mediasoup'
import type { VerifyProbeToken } from '../call-token.ts'
import { Refusal } from '../refusal.ts'
import { describeTransport } from '../rooms/transports.ts'
import type { MediaWorker } from '../workers/media-worker.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import { parseData } from './requests.ts'

/** What one socket opened to try the way here; `close` is idempotent. */
export type Probe = { reply: ReplyData<'probe'>; close(): void }
export type Probes = ReturnType<typeof makeProbes>

/** How many may be open at a time: they cost a transport for each worker, and calls come first. */
const probesMax = 50

type Deps = {
  node: string
  pool: Pick<WorkerPool, 'workers'>
  addresses: () => string[]
  verify: VerifyProbeToken
}

/** Transports for whoever wants to know whether media could reach this node. No media go over them. */
export function makeProbes({ node, pool, addresses, verify }: Deps) {
  let open = 0

  return {
    /**
     * @param onEnd called when the time of the probe is over
     * @throws Refusal when the token does not fit, or too many are open
     */
    async open(data: unknown, onEnd: () => void): Promise<Probe> {
      const claims = verify(parseData('probe', data).token)
      if (claims.node !== node) throw new Refusal('WRONG_NODE', 'the token is for another node')
      if (open >= probesMax) throw new Refusal('LIMIT', 'too many probes')
      open += 1
      const routers: types.Router[] = []
      let timer: NodeJS.Timeout | undefined
      let closed = false
      function close() {
        if (closed) return
        closed = true
        open -= 1
        clearTimeout(timer)
        // Closes their transports too.
        for (const router of routers) router.close()
      }
      try {
        const transports = await Promise.all(
          [...pool.workers].map((worker) => openTransport(worker, routers)),
        )
        timer = setTimeout(onEnd, probeSeconds * 1000)
        const described = transports.map((transport) => describeTransport(transport, addresses()))
        return { reply: { transports: described }, close }
      } catch (error) {
        close()
        throw error
      }
    },
  }
}

async function openTransport({ worker, server }: MediaWorker, routers: types.Router[]) {
  const router = await worker.createRouter()
  routers.push(router)
  return router.createWebRtcTransport({ webRtcServer: server })
}
