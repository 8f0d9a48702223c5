import { eq } from 'drizzle-orm'
import type { Logger } from 'pino'
import { chatIdsOf } from '../chats/store.ts'
import type { Database } from '../db/database.ts'
import type { Bus } from '../events/bus.ts'
import { users } from '../users/schema.ts'
import { statusOf } from '../users/status.ts'
import type { Connection, Connections } from './connections.ts'

/** Milliseconds between two words about a user who stays connected. */
const refreshMs = 15_000

type Deps = { db: Database; bus: Bus; connections: Connections; log: Logger }

/** Knows how this server's users are connected, and tells those who share a chat with them. */
export type Presence = ReturnType<typeof makePresence>

/** Build the presence of one server; `start` sets its clock going and `close` stops it. */
export function makePresence({ db, bus, connections, log }: Deps) {
  const socketsOf = new Map<string, Map<object, Connection>>()
  let timer: NodeJS.Timeout | undefined
  const reports = new Set<Promise<void>>()

  /** The state of a user here, from that of each of their sockets. */
  function stateHere(userId: string): Connection | 'gone' {
    const states = [...(socketsOf.get(userId)?.values() ?? [])]
    if (states.length === 0) return 'gone'
    return states.includes('awake') ? 'awake' : 'away'
  }

  async function announce(userId: string) {
    const [user] = await db.select().from(users).where(eq(users.id, userId))
    if (!user) return
    const chatIds = await chatIdsOf(db, userId)
    const state = (await connections.of([userId])).get(userId)
    const lastSeenAt = user.lastSeenAt?.toISOString() ?? null
    const status = statusOf(user.status, state)
    bus.publish({ chatIds }, { type: 'presence', userId, status, lastSeenAt })
  }

  async function announceGone(userId: string) {
    await db.update(users).set({ lastSeenAt: new Date() }).where(eq(users.id, userId))
    await announce(userId)
  }

  async function report(userId: string) {
    const { before, after } = await connections.report(userId, stateHere(userId))
    if (before === after) return
    await (after === 'offline' ? announceGone(userId) : announce(userId))
  }

  function track(work: Promise<void>) {
    const tracked = work
      .catch((err) => log.warn({ err }, 'presence could not be reported'))
      .finally(() => reports.delete(tracked))
    reports.add(tracked)
  }

  async function refresh() {
    await Promise.all([...socketsOf.keys()].map(report))
    for (const userId of await connections.sweep()) await announceGone(userId)
  }

  return {
    /** A socket connected, or its user went idle or came back. */
    set(userId: string, socket: object, state: Connection) {
      const sockets = socketsOf.get(userId) ?? new Map<object, Connection>()
      if (sockets.get(socket) === state) return
      socketsOf.set(userId, sockets.set(socket, state))
      track(report(userId))
    },
    /** A socket closed. */
    drop(userId: string, socket: object) {
      const sockets = socketsOf.get(userId)
      if (!sockets?.delete(socket)) return
      if (sockets.size === 0) socketsOf.delete(userId)
      track(report(userId))
    },
    /** Tell the others of a status that its user chose. */
    announce,
    start() {
      timer ??= setInterval(() => track(refresh()), refreshMs)
    },
    /** Stop the clock and wait for what is being reported. */
    async close() {
      clearInterval(timer)
      while (reports.size > 0) await Promise.all(reports)
    },
  }
}
