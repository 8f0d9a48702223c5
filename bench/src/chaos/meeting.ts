import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@beseda/client/client'
import { makeSpeech } from '@beseda/client/testing/tracks'
import { createDevice, onRtp } from '@beseda/client/testing/werift'
import { signUp, until } from '../beseda.ts'
import type { Heard } from '../pages/beseda.ts'
import { Ear } from './ears.ts'
import { type Guest, hearsAnew } from './guest.ts'

/** How long a blow may take to heal, in ms, before it counts as never. */
const patienceMs = 30_000

export type Participant = { name: string; id: string; client: Client }

export type Meeting = Awaited<ReturnType<typeof holdMeeting>>

/**
 * A group call of people who all speak all the time; what each hears of each other is counted.
 * With a guest it heals only when the guest hears and is heard as well; the guest's voice has
 * pauses, so its silences are not counted.
 */
export async function holdMeeting(url: string, names: string[], guest?: Guest) {
  const people: Participant[] = []
  for (const name of names) people.push({ name, ...(await signUp(url, name, { createDevice })) })
  const [host, ...others] = people
  if (!host) throw new Error('a meeting of nobody')
  const memberIds = [...others, ...(guest ? [guest] : [])].map(({ id }) => id)
  const chat = await host.client.rest.createChat({ type: 'group', name: 'A meeting', memberIds })
  /** By `to`, then by `from`. */
  const ears = new Map(
    people.map(({ id: to }) => [
      to,
      new Map(people.flatMap(({ id: from }) => (from === to ? [] : [[from, new Ear()]]))),
    ]),
  )
  const steady = [...ears.values()].flatMap((heard) => [...heard.values()])
  if (guest) for (const heard of ears.values()) heard.set(guest.id, new Ear())
  const all = [...ears.values()].flatMap((heard) => [...heard.values()])
  const stops: (() => void)[] = []

  function listen({ id: to, client }: Participant) {
    const session = client.calls.current.get()
    if (!session) throw new Error('not in the call')
    const look = () => {
      for (const { userId: from, tracks } of session.state.get().peers) {
        const ear = ears.get(to)?.get(from)
        const track = tracks.microphone?.track
        if (!ear || !track || ear.track === track) continue
        ear.turnTo(track)
        onRtp(track, () => ear.hear(track, performance.now()))
      }
    }
    stops.push(session.state.subscribe(look))
    look()
  }

  async function speak({ client }: Participant) {
    const speech = makeSpeech()
    stops.push(speech.start())
    await client.calls.current.get()?.publish('microphone', speech.track)
  }

  /** Who does not hear whom, and how each one's call stands. */
  function describe(since: Map<Ear, MediaStreamTrack | undefined>): string {
    const phases = people.map(({ name, id, client }) => {
      const session = client.calls.current.get()?.state.get()
      const deaf = people.filter((other) => {
        const ear = ears.get(id)?.get(other.id)
        return ear && (ear.track === since.get(ear) || !ear.hears)
      })
      return `${name} is ${session?.phase.status} and does not hear ${deaf.map((one) => one.name)}`
    })
    return phases.join('; ')
  }

  const { state } = await host.client.calls.start(chat.id, 'audio')
  const callId = state.get().call.id
  for (const { client } of others) await client.calls.join(callId)
  await guest?.join(callId)
  for (const person of people) listen(person)
  await Promise.all(people.map(speak))
  await until(() => all.every((ear) => ear.hears), patienceMs)
  await guestHears({})

  /** Resolves when the guest, if there is one, hears everybody on another track than before. */
  async function guestHears(before: Heard) {
    if (!guest) return
    const ids = people.map(({ id }) => id)
    const giveUpAt = performance.now() + patienceMs
    while (!hearsAnew(ids, before, await guest.heard())) {
      if (performance.now() > giveUpAt) throw new Error('the guest does not hear everybody')
      await sleep(20)
    }
  }

  return {
    chatId: chat.id,
    callId,
    people,
    host,
    /** Whoever is in the call. */
    everybody: [...people, ...(guest ? [guest] : [])].map(({ id }) => id),
    /** Strike, and wait until everybody hears everybody on a new track. Answers the ms from the blow. */
    async untilRejoined(blow: () => Promise<unknown>): Promise<number> {
      const before = new Map(all.map((ear) => [ear, ear.track]))
      const guestBefore = (await guest?.heard()) ?? {}
      const began = performance.now()
      const struck = blow()
      const healed = ([ear, track]: [Ear, MediaStreamTrack | undefined]) =>
        ear.track !== track && ear.hears
      await until(() => [...before].every(healed), patienceMs).catch((cause) => {
        throw new Error(`not everybody hears everybody: ${describe(before)}`, { cause })
      })
      await guestHears(guestBefore)
      const tookMs = performance.now() - began
      await struck
      return tookMs
    },
    /**
     * Strike and listen on for `ms`. Answers the longest silence between any two, and the longest
     * time for which this process itself, which runs all the clients, did not come to listening.
     */
    async longestGap(blow: () => Promise<unknown>, ms: number) {
      const stalls = monitorEventLoopDelay({ resolution: 5 })
      stalls.enable()
      for (const ear of steady) ear.forget(performance.now())
      await Promise.all([blow(), sleep(ms)])
      const now = performance.now()
      stalls.disable()
      const gapMs = Math.max(...steady.map((ear) => ear.longestGap(now)))
      return { gapMs, stallMs: stalls.max / 1e6 }
    },
    async close() {
      await host.client.calls.endForAll().catch(() => undefined)
      for (const stop of stops) stop()
      for (const { client } of people) await client.close()
    },
  }
}
