import type { CallSession } from '@beseda/client/calls/session'
import type { CallState } from '@beseda/client/calls/state'
import type { Client } from '@beseda/client/client'
import type { Source } from '@beseda/protocol/media'
import type { Counter } from './counter.ts'
import type { Engine, Sending } from './engine.ts'
import type { Codec } from './media/recordings.ts'

/** A track of somebody else that a bot has received. */
export type Heard = {
  source: Source
  counter: Counter
  /** Milliseconds, of `performance.now()`. */
  openedAt: number
  /** Its owner sends nothing of it at first. */
  paused: boolean
}

/** One bot's time in a call. */
export type Presence = {
  /** From asking to join to being in, ms. */
  joinMs: number
  askedAt: number
  /** When it rang at this bot, which answered at once; null for one that came later. */
  rungAt: number | null
  heard: readonly Heard[]
  setTalking(talking: boolean): void
  /** What was heard stands still from the call on; resolves when the call is left. */
  leave(): Promise<void>
}

type JoinOptions = {
  client: Client
  engine: Engine
  chatId: string
  /** Starts the call; else waits until there is one. */
  starts: boolean
  sources: Source[]
  simulcast: boolean
  codec: Codec
  /** Called when the call breaks, or ends for this bot before it leaves. */
  onTrouble(what: string): void
  /** Aborted when the time in the call is over. */
  signal: AbortSignal
}

/** How long a bot waits for a call to join. */
const ringMs = 10_000

/**
 * Start or answer a call, publish, and count what comes until `leave`.
 *
 * @throws RequestError, SignallingError, Error when no call rings in time
 */
export async function joinCall(options: JoinOptions): Promise<Presence> {
  const { client, engine, chatId, starts, signal } = options
  const found = starts ? null : await untilCall(client, chatId, signal)
  const askedAt = performance.now()
  const type = options.sources.includes('camera') ? 'video' : 'audio'
  const session =
    found === null
      ? await client.calls.start(chatId, type)
      : await client.calls.join(found.callId, { leaveOther: true })
  const joinMs = performance.now() - askedAt
  const heard = new Map<string, Heard>()
  let leaving = false
  /** What is wrong now: it is told once, when it begins. */
  let trouble: string | null = null
  const look = (state: CallState) => {
    hear(state, engine, heard)
    const now = leaving ? null : troubleOf(state)
    if (now !== null && now !== trouble) options.onTrouble(now)
    trouble = now
  }
  const stop = session.state.subscribe(look)
  look(session.state.get())
  const sendings: Sending[] = []
  const leave = async () => {
    leaving = true
    stop()
    const now = performance.now()
    for (const { counter } of heard.values()) counter.interrupt(now)
    for (const sending of sendings) sending.close()
    await session.leave()
  }
  try {
    await Promise.all(options.sources.map((source) => publish(options, session, source, sendings)))
  } catch (error) {
    await leave()
    throw error
  }
  return {
    joinMs,
    askedAt,
    rungAt: found?.rungAt ?? null,
    get heard() {
      return [...heard.values()]
    },
    setTalking(talking) {
      for (const sending of sendings) sending.setTalking(talking)
    },
    leave,
  }
}

async function publish(
  { engine, simulcast, codec }: JoinOptions,
  session: CallSession,
  source: Source,
  sendings: Sending[],
) {
  const sending = engine.open(source, { simulcast, codec })
  sendings.push(sending)
  await session.publish(source, sending.track)
}

/** Count new tracks; those that rest or are gone are not waited for. */
function hear({ peers }: CallState, engine: Engine, heard: Map<string, Heard>) {
  const now = performance.now()
  const here = new Set<string>()
  for (const { tracks } of peers) {
    for (const { consumerId, source, track, paused } of Object.values(tracks)) {
      if (!paused) here.add(consumerId)
      if (heard.has(consumerId)) continue
      heard.set(consumerId, { source, counter: engine.count(track), openedAt: now, paused })
    }
  }
  for (const [consumerId, { counter }] of heard) if (!here.has(consumerId)) counter.interrupt(now)
}

/** What is wrong with the call, in words; null while nothing is. */
function troubleOf({ phase }: CallState): string | null {
  switch (phase.status) {
    case 'reconnecting':
      return phase.lost === 'media'
        ? 'The way of the media to the SFU broke.'
        : 'The socket to the SFU broke.'
    case 'ended':
      return `The call was over too early (${phase.reason}).`
    default:
      return null
  }
}

/** A call that is on in the chat; `rungAt` where it began to ring while it was waited for. */
type Found = { callId: string; rungAt: number | null }

/** Wait until a call is on in the chat. @throws Error after a while, or when it is not wanted any more */
function untilCall(client: Client, chatId: string, signal: AbortSignal): Promise<Found> {
  return new Promise((resolve, reject) => {
    let waits = false
    const look = () => {
      const ringing = client.calls.incoming.get().find((call) => call.chatId === chatId)
      const chat = client.chats.state.get().chats.find(({ id }) => id === chatId)
      const callId = ringing?.id ?? chat?.call?.id
      if (callId === undefined) return
      done()
      resolve({ callId, rungAt: waits && ringing ? performance.now() : null })
    }
    const giveUp = (why: string) => () => {
      done()
      reject(new Error(why))
    }
    const late = giveUp(`No call began in the chat within ${ringMs / 1000} s.`)
    const over = giveUp('The run was over before the call began.')
    const timer = setTimeout(late, ringMs)
    const stops = [client.calls.incoming.subscribe(look), client.chats.state.subscribe(look)]
    signal.addEventListener('abort', over, { once: true })
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
      for (const stop of stops) stop()
    }
    look()
    waits = true
  })
}
