import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { v7 } from 'uuid'
import { provideHostToken } from './administration/host-token.ts'
import { sweepLinks } from './administration/links.ts'
import { makeRetention } from './administration/retention.ts'
import { makeRules, type Rules } from './administration/rules.ts'
import { sweepSessions } from './auth/devices.ts'
import { type LoginGuard, makeLoginGuard } from './auth/login-guard.ts'
import { makeOpenSessions, type OpenSessions } from './auth/open-sessions.ts'
import { snapshotBeforeMigrating } from './backup/snapshot.ts'
import { type Calls, makeCalls } from './calls/calls.ts'
import {
  type Database,
  embeddedFolder,
  type OpenDatabase,
  openEmbedded,
  openPool,
} from './db/database.ts'
import { markInstallation, requireSameInstallation } from './db/installation.ts'
import type { MigrateOptions } from './db/migrate.ts'
import { StartError } from './errors.ts'
import { type Bus, makeBus } from './events/bus.ts'
import { type Hub, makeHub } from './events/hub.ts'
import { openRedis } from './events/redis.ts'
import { type FileFolder, makeFileFolder } from './files/folder.ts'
import { makeFileSweep } from './files/sweep.ts'
import { makeLog } from './log.ts'
import { type Connections, makeConnections } from './presence/connections.ts'
import { makePresence, type Presence } from './presence/presence.ts'
import type { ServerSettings } from './settings.ts'
import { runSweeps } from './sweeps.ts'

/** Everything that lives as long as the server; rules and routes take what they need of it. */
export type Services = {
  settings: ServerSettings
  log: Logger
  db: Database
  redis: Redis
  bus: Bus
  hub: Hub
  rules: Rules
  openSessions: OpenSessions
  loginGuard: LoginGuard
  connections: Connections
  presence: Presence
  calls: Calls
  /** How full the pool of connections is; undefined of an embedded database, which has none. */
  pool: OpenDatabase['pool']
  /** The bytes of uploaded files. */
  folder: FileFolder
  /** Lets the command line of this machine administer. */
  hostToken: string
  close: () => Promise<void>
}

/**
 * Open the connections and build all services, once per process.
 *
 * @throws StartError when the database or Redis can't be reached
 */
export async function buildServices(
  settings: ServerSettings,
  open: (settings: ServerSettings, log: Logger) => Promise<OpenDatabase> = openDatabase,
  log = makeLog(settings.LOG_LEVEL),
): Promise<Services> {
  const redis = await openRedis(settings, log)
  const database = await open(settings, log).catch((error: unknown) => {
    redis.disconnect()
    throw error
  })
  const { db } = database
  const rules = makeRules(settings)
  await rules.begin(db)
  const hostToken = await provideHostToken(settings.DATA_DIR)
  const bus = makeBus({ redis, log })
  const hub = makeHub()
  const openSessions = makeOpenSessions({ db, hears: bus.hears })
  await bus.subscribe((delivery) => {
    openSessions.hear(delivery)
    hub.receive(delivery)
  })
  const loginGuard = makeLoginGuard(redis, settings.RATE_LIMITS === 'on')
  const connections = makeConnections({ redis, serverId: v7() })
  const presence = makePresence({ db, bus, connections, log })
  presence.start()
  const calls = makeCalls({ db, redis, bus, log, settings, rules })
  const callWork = calls.run()
  const folder = makeFileFolder(settings.DATA_DIR)
  const fileWork = makeFileSweep({ db, folder, log }).run()

  const retention = makeRetention({ db, folder, rules })
  const sweeps = [
    { what: 'sessions that are over', work: () => sweepSessions(db) },
    { what: 'links that nobody used', work: () => sweepLinks(db) },
    { what: 'what is kept no longer', work: retention.sweep },
  ]
  const sweeping = runSweeps(sweeps, log)

  async function close() {
    await sweeping.close()
    await callWork.close()
    await fileWork.close()
    await presence.close()
    bus.close()
    await redis.quit().catch(() => redis.disconnect())
    await database.close()
  }
  return {
    ...{ settings, log, db, redis, bus, hub, rules, openSessions, loginGuard },
    ...{ connections, presence, calls, folder, hostToken, close, pool: database.pool },
  }
}

async function openDatabase(settings: ServerSettings, log: Logger): Promise<OpenDatabase> {
  const { DATABASE_URL, DATA_DIR } = settings
  const kind = DATABASE_URL === undefined ? 'embedded' : 'server'
  const before: MigrateOptions['before'] = async (db, state) => {
    await requireSameInstallation(db, state, DATA_DIR, kind)
    await snapshotBeforeMigrating(db, state, { dataDir: DATA_DIR, log })
  }
  const onError = (err: Error) => log.warn({ err }, 'database connection failed')
  try {
    const database =
      DATABASE_URL === undefined
        ? await openEmbedded(embeddedFolder(DATA_DIR), { before })
        : await openPool(DATABASE_URL, onError, { before })
    await markInstallation(DATA_DIR, kind)
    return database
  } catch (error) {
    if (error instanceof StartError) throw error
    const reason = error instanceof Error ? error.message || error.name : String(error)
    throw new StartError(
      DATABASE_URL === undefined
        ? `The embedded database in ${DATA_DIR} does not start (${reason}): see that the folder is writable and that no other server uses it.`
        : `The database can not be used (${reason}): start PostgreSQL or correct DATABASE_URL.`,
    )
  }
}
