import { randomUUID } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { availableParallelism, networkInterfaces } from 'node:os'
import { spans } from '@beseda/protocol/limits'
import type { SfuCommand, SfuNode } from '@beseda/protocol/redis'
import type { Settings } from '@beseda/protocol/settings'
import type { FastifyBaseLogger } from 'fastify'
import { makeVerifyCallToken, makeVerifyProbeToken } from './call-token.ts'
import { routerRtpCapabilities } from './codecs.ts'
import { healthRoutes, makeHttp, metricsRoute, serveMetrics, signallingRoute } from './http.ts'
import { makeMetrics } from './metrics.ts'
import { Rooms } from './rooms/rooms.ts'
import { fromMediasoupCapabilities } from './rooms/rtp.ts'
import { makeProbes } from './signalling/probe.ts'
import { reasonOf, StartError } from './start-error.ts'
import { makeCallCopies } from './state/call-copies.ts'
import { hearCommands } from './state/commands.ts'
import { type Drain, makeDrain } from './state/drain.ts'
import { handOver } from './state/handover.ts'
import { makeJournal } from './state/journal.ts'
import { makeJournalRoomLog } from './state/journal-room-log.ts'
import { keepNodeKey } from './state/node-key.ts'
import { keepReconciled } from './state/reconcile.ts'
import { connectRedis, redisSettingNames } from './state/redis.ts'
import { announcedAddresses } from './workers/addresses.ts'
import { startWorkerPool } from './workers/worker-pool.ts'

export const sfuSettingNames = [
  'NODE_ENV',
  'SFU_HOST',
  'SFU_PORT',
  'SFU_PUBLIC_URL',
  'SFU_ANNOUNCED_ADDRESS',
  'SFU_RTC_PORT',
  'SFU_WORKERS',
  'SFU_DRAIN_SECONDS',
  'CALL_TOKEN_SECRET',
  'MEDIASOUP_WORKER_BIN',
  'SFU_METRICS_PORT',
  'METRICS_HOST',
  'LOG_LEVEL',
  ...redisSettingNames,
] as const
export type SfuSettings = Settings<(typeof sfuSettingNames)[number]>

/** Milliseconds, shorter in tests. */
export const defaultTimes = {
  joinTimeout: spans.joinTimeout,
  pingInterval: 10_000,
  resumeGrace: spans.resumeGrace,
  aloneAsk: spans.aloneAsk,
  aloneEnd: spans.aloneEnd,
  reconcileInterval: 5_000,
  /** How long the last writes may take when the process stops. */
  flushTimeout: 2_000,
}
export type Times = { [Name in keyof typeof defaultTimes]: number }

/** A node that listens. */
export type Sfu = Awaited<ReturnType<typeof startSfu>>

/**
 * Build a node and listen. What was opened is closed again when a step fails.
 *
 * @throws StartError when Redis, a worker or a port can't be had
 */
export async function startSfu(
  settings: SfuSettings,
  log: FastifyBaseLogger,
  times: Times = defaultTimes,
) {
  const closers: (() => unknown)[] = []
  /** In the order that clients need: told, let go, then what carried them. */
  async function close(): Promise<void> {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    return { ...(await build(settings, log, times, closers)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function build(
  settings: SfuSettings,
  log: FastifyBaseLogger,
  times: Times,
  closers: (() => unknown)[],
) {
  const node = randomUUID()
  const host = await addressOf(settings.SFU_HOST)
  const redis = await connectRedis(settings, log)
  closers.push(() => redis.disconnect())
  const pool = await startWorkerPool({
    count: settings.SFU_WORKERS ?? availableParallelism(),
    bin: settings.MEDIASOUP_WORKER_BIN,
    host,
    firstPort: settings.SFU_RTC_PORT,
    log,
  })
  closers.push(() => pool.close())
  const journal = makeJournal({ redis, node, log })
  const addresses = () =>
    announcedAddresses(host, settings.SFU_ANNOUNCED_ADDRESS, networkInterfaces)
  const rooms = new Rooms({
    pool,
    addresses,
    resumeGrace: times.resumeGrace,
    alone: times,
    log: makeJournalRoomLog(journal),
    logger: log,
  })
  const { registry, joinSeconds } = makeMetrics(rooms, pool)
  const copies = makeCallCopies(redis)

  const app = await makeHttp(settings.CALL_TOKEN_SECRET, log)
  signallingRoute(app, {
    node,
    rooms,
    verifyCallToken: makeVerifyCallToken(app.jwt),
    copies,
    onJoined: (seconds) => joinSeconds.observe(seconds),
    probes: makeProbes({ node, pool, addresses, verify: makeVerifyProbeToken(app.jwt) }),
    times,
  })
  healthRoutes(app, { redis, pool })
  const metricsPort = settings.SFU_METRICS_PORT
  metricsRoute(app, registry, metricsPort !== undefined)
  if (metricsPort !== undefined) {
    closers.push(await serveMetrics(registry, settings.METRICS_HOST, metricsPort))
  }
  const port = await listen(app, settings)

  closers.push(() => app.close())
  const interval = times.reconcileInterval
  const drainer = makeDrain({
    ...{ redis, node, rooms, log },
    refresh: () => nodeKey.refresh(),
    interval: 500,
  })
  closers.push(() => drainer.close())
  const onCommand = (command: SfuCommand) => obey(rooms, drainer, command)
  closers.push(await hearCommands({ redis, node, onCommand, interval, log }))
  closers.push(keepReconciled({ redis, rooms, copies, journal, interval, log }))
  const describe = (): SfuNode => ({
    node,
    publicUrl: settings.SFU_PUBLIC_URL ?? null,
    port,
    load: rooms.load,
    draining: rooms.draining,
    rtpCapabilities: fromMediasoupCapabilities(routerRtpCapabilities()),
  })
  const nodeKey = await keepNodeKey(redis, describe, log)
  closers.push(async () => {
    rooms.drain()
    await nodeKey.refresh()
    await journal.close(times.flushTimeout)
    await nodeKey.close()
  })
  /** Let others take the calls, as far as they can; `close` comes after it. */
  const drain = () => {
    const patience = settings.SFU_DRAIN_SECONDS * 1000
    return handOver({ redis, node, rooms, nodeKey, patience, interval: 500, log })
  }
  return { node, port, rooms, pool, redis, copies, drain }
}

/** Media is bound to an address, while people may write `localhost`. */
async function addressOf(host: string): Promise<string> {
  try {
    return (await lookup(host)).address
  } catch (error) {
    throw new StartError(`SFU_HOST ${host} is no address of this machine (${reasonOf(error)}).`)
  }
}

async function listen(
  app: Awaited<ReturnType<typeof makeHttp>>,
  { SFU_HOST: host, SFU_PORT: port }: SfuSettings,
): Promise<number> {
  try {
    await app.listen({ host, port })
    const address = app.server.address()
    return typeof address === 'object' && address ? address.port : port
  } catch (error) {
    await app.close()
    throw new StartError(
      `The SFU can't listen on ${host}:${port} (${reasonOf(error)}): set SFU_HOST or SFU_PORT.`,
    )
  }
}

async function obey(rooms: Rooms, drainer: Drain, command: SfuCommand): Promise<void> {
  if (command.type === 'drain') return drainer.set(command.on)
  const { type, callId } = command
  if (type === 'end') return rooms.get(callId)?.close('ended')
  if (type === 'remove') return rooms.remove(command)
  if (type === 'rights') return rooms.allow(command)
  await rooms.get(callId)?.mute(command.userId, command.sources, command.byUserId)
}
