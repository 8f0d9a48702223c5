import { randomBytes } from 'node:crypto'
import { type Client, createClient } from '@beseda/client/client'
import { limits } from '@beseda/protocol/limits'
import type { Engine } from './engine.ts'
import { explain, RunError } from './failure.ts'
import type { Plan } from './plan.ts'
import type { Account, Scenario } from './scenario.ts'

/** A bot that is signed in. */
export type Member = { name: string; client: Client; userId: string }

/** A `WebSocket` that tells which sockets are opened. */
function makeNotedWebSocket(onOpen: (url: string) => void): typeof WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      onOpen(String(url))
    }
  }
}

/** Where the bots meet: a chat for each call of the plan, and the one they write in. */
export type Places = { calls: string[]; chat: string | null }

/** Passwords are hashed slowly on purpose: more at once make it no faster. */
const atOnce = 4
const onlineMs = 15_000

type SetupOptions = {
  scenario: Scenario
  plan: Plan
  engine: Engine
  signal: AbortSignal
  onSignedIn(count: number): void
  /** A socket is opened, to the server or to an SFU. */
  onSocket(url: string): void
}

/** Sign all bots in. @throws RunError the first time that one is refused */
export async function signIn(options: SetupOptions): Promise<Member[]> {
  const { url, accounts } = options.scenario
  await checkServer(url)
  const run = randomBytes(3).toString('hex')
  const members: Member[] = []
  const { engine } = options
  // One device serves all bots of a good network and a codec: the client keeps what it has loaded.
  const shared = {
    vp8: () => engine.createDevice({ codec: 'vp8', network: null }),
    h264: () => engine.createDevice({ codec: 'h264', network: null }),
  }
  const WebSocket = makeNotedWebSocket(options.onSocket)
  const waiting = options.plan.bots.map(({ index }) => index)
  async function work() {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      options.signal.throwIfAborted()
      const { network = null, call = null } = options.plan.bots[index] ?? {}
      const codec = options.plan.calls[call ?? -1]?.spec.codec ?? 'vp8'
      const createDevice = network ? () => engine.createDevice({ codec, network }) : shared[codec]
      const client = createClient({ url, WebSocket, createDevice })
      const name = accounts[index]?.username ?? `bot-${run}-${index + 1}`
      members[index] = { name, client, userId: '' }
      const userId = await enter(client, name, accounts[index])
      members[index] = { name, client, userId }
      options.onSignedIn(members.filter(({ userId }) => userId !== '').length)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, work))
    return members
  } catch (error) {
    waiting.length = 0
    await closeAll(members)
    throw error instanceof RunError ? error : new RunError(explain(error, url))
  }
}

/** Leave all calls and close all sockets. */
export async function closeAll(members: (Member | undefined)[]): Promise<void> {
  await Promise.allSettled(members.map((member) => member?.client.close()))
}

async function checkServer(url: string) {
  const client = createClient({ url })
  try {
    await client.rest.config()
  } catch (error) {
    throw new RunError(explain(error, url))
  }
}

async function enter(client: Client, name: string, account: Account | undefined): Promise<string> {
  if (account) {
    await client.session.login(account)
  } else {
    const password = randomBytes(12).toString('hex')
    await client.session.register({ username: name, password, displayName: name })
  }
  await untilOnline(client, name)
  const state = client.session.state.get()
  if (state.status !== 'authenticated') throw new RunError(`${name} was signed out at once.`)
  return state.user.id
}

function untilOnline({ connection }: Client, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      if (connection.state.get().status !== 'online') return
      clearTimeout(timer)
      stop()
      resolve()
    }
    const stop = connection.state.subscribe(done)
    const timer = setTimeout(() => {
      stop()
      reject(new RunError(`The event socket of ${name} does not open: are WebSockets let through?`))
    }, onlineMs)
    done()
  })
}

/** Make the chats of the plan, or join them by invitation. @throws RunError */
export async function meet(
  scenario: Scenario,
  plan: Plan,
  members: readonly Member[],
): Promise<Places> {
  try {
    const calls: string[] = []
    for (const { name, spec, bots } of plan.calls) {
      // Two alone ring each other as people do; but such a call ends when one of them leaves.
      const many = bots.length > limits.groupMembersMax
      const alone = bots.length === 2 && spec.churn === 0
      const type = alone ? 'personal' : many ? 'channel' : 'group'
      calls.push(await makePlace({ type, name, invite: spec.invite }, pick(members, bots)))
    }
    const { chat } = scenario
    if (!chat) return { calls, chat: null }
    const place = { type: chat.type, name: 'storm', invite: chat.invite }
    return { calls, chat: await makePlace(place, pick(members, plan.chat)) }
  } catch (error) {
    throw new RunError(explain(error, scenario.url))
  }
}

const pick = (members: readonly Member[], indices: readonly number[]) =>
  indices.flatMap((index) => members[index] ?? [])

type Place = {
  type: 'personal' | 'group' | 'channel'
  name: string
  invite: string | undefined
}

async function makePlace({ type, name, invite }: Place, bots: Member[]): Promise<string> {
  const [first, ...others] = bots
  if (!first) throw new RunError(`Nobody is in ${name}.`)
  const { rest } = first.client
  if (invite !== undefined) {
    const { id } = await rest.joinByInvite(invite)
    for (const { client } of others) await client.rest.joinByInvite(invite)
    return id
  }
  const [second] = others
  if (type === 'personal' && second) {
    return (await rest.createChat({ type, userId: second.userId })).id
  }
  const memberIds = others.map(({ userId }) => userId)
  const body = { type: type === 'channel' ? type : ('group' as const), name, memberIds }
  return (await rest.createChat(body)).id
}
