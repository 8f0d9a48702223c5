import { once } from 'node:events'
import {
  type Joined,
  joinedSchema,
  type Notice,
  noticeSchema,
  type ReplyData,
  type RequestType,
  replyFrameSchema,
  requests,
} from '@beseda/protocol/signalling'
import { WebSocket } from 'ws'
import { signToken, type TestCall } from './calls.ts'
import { capabilities } from './rtp.ts'

/** What came back for a request: the reply's data, or the code of its refusal. */
export type Outcome = { data: unknown; code: string | undefined }

/** A signalling socket as a client holds it; every frame that arrives is parsed by the contract. */
export type TestClient = Awaited<ReturnType<typeof connect>>

export async function connect(sfu: { port: number }) {
  const socket = new WebSocket(`ws://127.0.0.1:${sfu.port}/signalling`)
  const waiting = new Map<number, (outcome: Outcome) => void>()
  const notices: Notice[] = []
  const closed = once(socket, 'close').then(([code]) => Number(code))
  let lastId = 0
  socket.on('error', () => undefined)
  socket.on('message', (data) => {
    const frame: unknown = JSON.parse(data.toString())
    const reply = replyFrameSchema.safeParse(frame)
    if (!reply.success) {
      notices.push(noticeSchema.parse(frame))
      return
    }
    const { id } = reply.data
    waiting.get(id)?.(
      reply.data.ok
        ? { data: reply.data.data, code: undefined }
        : { data: undefined, code: reply.data.error.code },
    )
    waiting.delete(id)
  })
  await once(socket, 'open')

  /** Send anything as a request, whether it fits the contract or not. */
  function ask(type: string, data?: unknown): Promise<Outcome> {
    const id = ++lastId
    socket.send(JSON.stringify({ id, type, data }))
    return new Promise((resolve) => waiting.set(id, resolve))
  }

  return {
    socket,
    notices,
    /** Resolves to the close code. */
    closed,
    ask,
    /** The code with which a request is refused. */
    async refusal(type: string, data?: unknown): Promise<string> {
      const { code } = await ask(type, data)
      if (code === undefined) throw new Error(`${type} was not refused`)
      return code
    },
    /** Send a request that must work. */
    async request<Type extends RequestType>(type: Type, data: unknown): Promise<ReplyData<Type>> {
      const outcome = await ask(type, data)
      if (outcome.code !== undefined) throw new Error(`${type} was refused: ${outcome.code}`)
      return requests[type].reply.parse(outcome.data) as ReplyData<Type>
    },
    /** The first notice of a type that has come, or the next one to come. */
    async notice<Type extends Notice['type']>(
      type: Type,
      fits: (notice: Extract<Notice, { type: Type }>) => boolean = () => true,
    ): Promise<Extract<Notice, { type: Type }>> {
      const deadline = Date.now() + 5_000
      while (Date.now() < deadline) {
        for (const notice of notices) {
          if (isNotice(notice, type) && fits(notice)) return notice
        }
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      throw new Error(`no notice ${type} among ${JSON.stringify(notices)}`)
    },
  }
}

function isNotice<Type extends Notice['type']>(
  notice: Notice,
  type: Type,
): notice is Extract<Notice, { type: Type }> {
  return notice.type === type
}

export type JoinedClient = TestClient & { userId: string; joined: Joined }

/** Connect and join as a user, a new one unless told. */
export async function join(
  sfu: { port: number; node: string },
  call: TestCall,
  claims: Parameters<typeof signToken>[2] = {},
): Promise<JoinedClient> {
  const client = await connect(sfu)
  const userId = claims?.sub ?? crypto.randomUUID()
  const token = signToken(sfu, call, { ...claims, sub: userId })
  const reply = await client.request('join', { token, rtpCapabilities: capabilities })
  return { ...client, userId, joined: joinedSchema.parse(reply) }
}
