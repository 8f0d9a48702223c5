import { makeSpeech, makeVideo, type TestTrack } from '@beseda/client/testing/tracks'
import { createDevice, onRtp } from '@beseda/client/testing/werift'
import type { types as sfu } from 'mediasoup'
import type { types } from 'mediasoup-client'
import { type Bare, receiveBare, sendBare } from '../bare.ts'
import { signUp, type User, until } from '../beseda.ts'
import { publish, subscribe } from '../janus/room.ts'
import type { JanusServer } from '../janus/server.ts'
import type { Connections } from './receivers.ts'

/**
 * Something that forwards one sender of 1,200-byte video (150 packets a second)
 * and 160-byte audio (50) to receivers that complete ICE, DTLS and SRTP.
 */
export type Load = {
  /** The process that does it. */
  pid: number
  tracks: TestTrack[]
  /** Packets so far. */
  sent(): number
  received(): number
  receivers(): number
  /** Have so many receivers. */
  growTo(receivers: number): Promise<void>
  close(): Promise<void>
}

/** A sender in its place, and how one more receives. */
type Stage = { pid: number; addReceiver(): Promise<void>; close(): Promise<void> | void }

async function makeLoad(
  connections: Connections,
  open: (tracks: { microphone: TestTrack; screen: TestTrack }) => Promise<Stage>,
): Promise<Load> {
  const tracks = { microphone: makeSpeech(), screen: makeVideo() }
  let [sent, received, receivers] = [0, 0, 0]
  for (const { track } of Object.values(tracks)) onRtp(track, () => sent++)
  const { pid, addReceiver, close } = await open(tracks)
  await connections.onlyCount(() => {})
  return {
    pid,
    tracks: Object.values(tracks),
    sent: () => sent,
    received: () => received,
    receivers: () => receivers,
    async growTo(count) {
      // A worker gives no picture to those who come when none has been sent for seconds.
      const stops = Object.values(tracks).map((track) => track.start())
      for (; receivers < count; receivers++) {
        await addReceiver()
        await connections.onlyCount(() => received++)
      }
      for (const stop of stops) stop()
    },
    close: async () => close(),
  }
}

/** A call of Beseda, of people of this name; there is room for `max` receivers. */
export function loadBeseda(
  connections: Connections,
  { url, pid, max }: { url: string; pid: number; max: number },
): Promise<Load> {
  return makeLoad(connections, async (tracks) => {
    const sender = await signUp(url, 'sender', { createDevice })
    const others: User[] = []
    for (let index = 0; index < max; index++) {
      others.push(await signUp(url, `receiver${index}`, { createDevice }))
    }
    const chat = await sender.client.rest.createChat({
      type: 'group',
      name: 'Benchmark',
      memberIds: others.map(({ id }) => id),
    })
    const call = await sender.client.calls.start(chat.id, 'video')
    await call.publish('microphone', tracks.microphone.track)
    await call.publish('screen', tracks.screen.track)
    const waiting = [...others]
    return {
      pid,
      async addReceiver() {
        const session = await waiting.shift()?.client.calls.join(call.state.get().call.id)
        await until(() => Object.keys(session?.state.get().peers[0]?.tracks ?? {}).length === 2)
      },
      async close() {
        for (const { client } of [sender, ...others]) await client.close()
      },
    }
  })
}

/** A bare router; `asBeseda` asks it for repeated sound and loudness too, as Beseda does. */
export function loadBare(
  connections: Connections,
  bare: Bare,
  { asBeseda }: { asBeseda: boolean },
): Promise<Load> {
  return makeLoad(connections, async (tracks) => {
    const device = await createDevice()
    const routerRtpCapabilities = bare.router.rtpCapabilities as types.RtpCapabilities
    await device.load({ routerRtpCapabilities })
    const { send, producers } = await sendBare(bare, device, tracks)
    if (asBeseda) await watchLoudness(bare, producers)
    const transports = [send]
    return {
      pid: bare.pid,
      async addReceiver() {
        transports.push(await receiveBare(bare, device, producers, { repeatsAll: asBeseda }))
      },
      close() {
        for (const transport of transports) transport.close()
      },
    }
  })
}

/** Janus's VideoRoom. */
export function loadJanus(connections: Connections, server: JanusServer): Promise<Load> {
  return makeLoad(connections, async ({ microphone, screen }) => {
    const janus = await server.connect()
    const sender = await publish(janus, [microphone, screen])
    const members: { close(): void }[] = [sender]
    return {
      pid: server.pid,
      async addReceiver() {
        members.push(await subscribe(janus, sender.feed))
      },
      async close() {
        for (const member of members) member.close()
        await janus.close()
      },
    }
  })
}

async function watchLoudness({ router }: Bare, producers: sfu.Producer[]) {
  const levels = await router.createAudioLevelObserver({ maxEntries: 10, interval: 300 })
  for (const { id, kind } of producers) {
    if (kind === 'audio') await levels.addProducer({ producerId: id })
  }
}
