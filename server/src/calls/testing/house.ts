import { callClaimsSchema } from '@beseda/protocol/call-token'
import { chatSchema } from '@beseda/protocol/chats'
import type { BesedaEvent } from '@beseda/protocol/events'
import type { ChatType } from '@beseda/protocol/permissions'
import jwt from '@fastify/jwt'
import { eq } from 'drizzle-orm'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { chats } from '../../chats/schema.ts'
import { openTestHouse, testRedisUrl } from '../../testing/app.ts'
import type { Person } from '../../testing/person.ts'
import { startFakeSfu } from './fake-sfu.ts'

const callTokenSecret = 'the secret that signs tokens of calls'

export type CallHouse = Awaited<ReturnType<typeof openCallHouse>>

/** Two servers on one database and one Redis, with an SFU that only writes to Redis. */
export async function openCallHouse(environment: Record<string, string> = {}) {
  const house = await openTestHouse({ CALL_TOKEN_SECRET: callTokenSecret, ...environment })
  const servers = [house.first, await house.another()] as const
  const { services, app } = house.first
  const redis = new Redis(testRedisUrl())
  const sfu = await startFakeSfu(redis)
  const verifier = Fastify()
  await verifier.register(jwt, { secret: callTokenSecret })

  /** Somebody with an account and an open event socket. */
  async function person(displayName: string): Promise<Caller> {
    const account = await house.person(displayName)
    const { events } = await account.socket()
    const headers = { authorization: `Bearer ${account.token}`, host: 'beseda.test:3000' }
    return {
      id: account.id,
      headers,
      events,
      device: () => account.socket(),
      call: account.call,
      heard: (type, callId) =>
        events.filter((event) => event.type === type && callIdOf(event) === callId),
      get: (path) => app.inject({ method: 'GET', url: `/api${path}`, headers }),
      post(path, body, server = app) {
        const request = { method: 'POST' as const, url: `/api${path}` }
        if (body === undefined) return server.inject({ ...request, headers })
        const typed = { ...headers, 'content-type': 'application/json' }
        return server.inject({ ...request, headers: typed, payload: JSON.stringify(body) })
      },
    }
  }

  /** A chat of these members, the first of whom made it; everybody's socket has heard of it. */
  async function chat(
    type: ChatType,
    members: [Caller, ...Caller[]],
    values?: Partial<typeof chats.$inferInsert>,
  ): Promise<string> {
    const [owner, ...others] = members
    const memberIds = others.map(({ id }) => id)
    const named = { type, name: 'Беседа', memberIds }
    const body = type === 'personal' ? { type, userId: memberIds[0] } : named
    const { id } = chatSchema.parse((await owner.post('/chats', body)).json())
    if (values) await services.db.update(chats).set(values).where(eq(chats.id, id))
    return id
  }

  /** What a call token says; throws when its signature or audience is not right. */
  const readCallToken = (token: string) =>
    callClaimsSchema.parse(verifier.jwt.verify(token, { allowedAud: 'sfu' }))

  async function close() {
    sfu.close()
    await house.close()
    await redis.quit()
  }

  const { db, calls } = services
  return { servers, app, db, calls, redis, sfu, person, chat, readCallToken, close }
}

type App = Awaited<ReturnType<typeof openTestHouse>>['first']['app']
type Answer = ReturnType<App['inject']>

export type Caller = {
  id: string
  headers: Record<string, string>
  events: BesedaEvent[]
  /** Connect one more device of theirs. */
  device: () => Promise<{ events: BesedaEvent[] }>
  call: Person['call']
  /** What came about this call. */
  heard: (type: BesedaEvent['type'], callId: string) => BesedaEvent[]
  get: (path: string) => Promise<Awaited<Answer>>
  post: (path: string, body?: unknown, server?: App) => Promise<Awaited<Answer>>
}

function callIdOf(event: BesedaEvent): string | undefined {
  if ('call' in event) return event.call.id
  if ('callId' in event) return event.callId
  if (event.type !== 'message.created') return undefined
  const { system } = event.message
  return system && 'callId' in system ? system.callId : undefined
}
