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

const onlineMs = 15_000

type SetupOptions = {
  scenario: Scenario
  plan: Plan
  /** Bots to be signed in, by their index. */
  own: readonly number[]
  /** How many at once. */
  atOnce: number
  /** Of this run, for names. */
  run: string
  engine: Engine
  signal: AbortSignal
  onSignedIn(): void
  /** A socket is opened, to the server or to an SFU. */
  onSocket(url: string): void
}

/** Sign these bots in. @returns them by their index @throws RunError the first time that one is refused */
export async function signIn(options: SetupOptions): Promise<Map<number, Member>> {
  const { url, accounts } = options.scenario
  const members = new Map<number, Member>()
  const { engine, run } = options
  // One device serves all bots of a good network and a codec: the client keeps what it has loaded.
  const shared = {
    vp8: () => engine.createDevice({ codec: 'vp8', network: null }),
    h264: () => engine.createDevice({ codec: 'h264', network: null }),
  }
  const WebSocket = makeNotedWebSocket(options.onSocket)
  const waiting = [...options.own]
  async function work() {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      options.signal.throwIfAborted()
      const { network = null, call = null } = options.plan.bots[index] ?? {}
      const codec = options.plan.calls[call ?? -1]?.spec.codec ?? 'vp8'
      const createDevice = network ? () => engine.createDevice({ codec, network }) : shared[codec]
      const client = createClient({ url, WebSocket, createDevice })
      const name = accounts[index]?.username ?? `bot-${run}-${index + 1}`
      members.set(index, { name, client, userId: '' })
      const userId = await enter(client, name, accounts[index])
      members.set(index, { name, client, userId })
      options.onSignedIn()
    }
  }
  try {
    await Promise.all(Array.from({ length: options.atOnce }, work))
    return members
  } catch (error) {
    waiting.length = 0
    await closeAll(members)
    throw error instanceof RunError ? error : new RunError(explain(error, url))
  }
}

/** Leave all calls and close all sockets. */
export async function closeAll(members: ReadonlyMap<number, Member>): Promise<void> {
  await Promise.allSettled([...members.values()].map(({ client }) => client.close()))
}

/** Whether a Beseda answers. @throws RunError */
export async function checkServer(url: string) {
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

type MeetOptions = {
  scenario: Scenario
  plan: Plan
  /** Bots of this process by their index. */
  members: ReadonlyMap<number, Member>
  /** Of all bots, by their index. */
  userIds: readonly string[]
}

/** Where bots meet: the chats of calls by their index, and the one they write in. */
export type Places = { calls: { call: number; chatId: string }[]; chat: string | null }

/**
 * Make the chats of the plan that one of these members is the first in, and join those that they
 * are invited to. @throws RunError
 */
export async function meet(options: MeetOptions): Promise<Places> {
  const { scenario, plan } = options
  try {
    const calls: Places['calls'] = []
    for (const [call, { name, spec, bots }] of plan.calls.entries()) {
      // Two alone ring each other as people do; but such a call ends when one of them leaves.
      const many = bots.length > limits.groupMembersMax
      const alone = bots.length === 2 && spec.churn === 0
      const type = alone ? 'personal' : many ? 'channel' : 'group'
      const chatId = await makePlace({ type, name, invite: spec.invite, bots }, options)
      if (chatId !== null) calls.push({ call, chatId })
    }
    const { chat } = scenario
    if (!chat) return { calls, chat: null }
    const place = { type: chat.type, name: 'storm', invite: chat.invite, bots: plan.chat }
    return { calls, chat: await makePlace(place, options) }
  } catch (error) {
    throw new RunError(explain(error, scenario.url))
  }
}

type Place = {
  type: 'personal' | 'group' | 'channel'
  name: string
  invite: string | undefined
  bots: readonly number[]
}

/** @returns the chat's id, null where it is another process's to make */
async function makePlace(
  { type, name, invite, bots }: Place,
  { members, userIds }: MeetOptions,
): Promise<string | null> {
  if (invite !== undefined) {
    let id: string | null = null
    for (const bot of bots)
      id = (await members.get(bot)?.client.rest.joinByInvite(invite))?.id ?? id
    return id
  }
  const [first, ...others] = bots
  const maker = members.get(first ?? -1)
  if (!maker) return null
  const { rest } = maker.client
  const memberIds = others.flatMap((bot) => userIds[bot] ?? [])
  const [second] = memberIds
  if (type === 'personal' && second) return (await rest.createChat({ type, userId: second })).id
  const body = { type: type === 'channel' ? type : ('group' as const), name, memberIds }
  return (await rest.createChat(body)).id
}
