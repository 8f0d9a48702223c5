import { producerOptions } from '@beseda/client/calls/encodings'
import { makeSpeech, makeVideo, type TestTrack } from '@beseda/client/testing/tracks'
import { createDevice, installWebRtc, onRtp } from '@beseda/client/testing/werift'
import { freePort } from '@beseda/launcher/ports'
import { provideWorker } from '@beseda/launcher/worker/provide'
import type { Source } from '@beseda/protocol/media'
import type { types as sfu } from 'mediasoup'
import type { types } from 'mediasoup-client'
import { type Bare, startBare, transportOptions } from './bare.ts'
import { signUp, until, withBeseda } from './beseda.ts'
import { median, type Row } from './numbers.ts'
import { cpuOf, workerOf } from './worker-cpu.ts'

const receivers = 20
const rounds = 24
const roundMs = 1_500
const settleMs = 250

/** Something that forwards: its worker, its source, and what its receivers got. */
type Load = {
  pid: number
  tracks: TestTrack[]
  received(): number
  close(): Promise<void> | void
}

/**
 * Worker CPU per forwarded packet: one sender of 1,200-byte video and 160-byte
 * audio, 20 receivers, Beseda's call beside a bare router, in turns.
 */
export async function measureForwarding(): Promise<Row[]> {
  installWebRtc()
  const { path } = await provideWorker({ env: process.env })
  const bare = await startBare(path, await freePort('127.0.0.1'))
  try {
    return await withBeseda(
      { SFU_WORKERS: '1', MEDIASOUP_WORKER_BIN: path },
      async ({ url, processes }) => {
        const loads = {
          floor: await loadBare(bare),
          ours: await loadBeseda(url, await workerOf(processes.sfu.pid ?? 0)),
        }
        const costs = { floor: [] as number[], ours: [] as number[] }
        for (let round = 0; round < rounds; round++) {
          // Each goes first in turn, so that a machine that speeds up or slows down favours neither.
          const order =
            round % 2 === 0 ? (['floor', 'ours'] as const) : (['ours', 'floor'] as const)
          for (const side of order) costs[side].push(await costOf(loads[side]))
        }
        for (const load of Object.values(loads)) await load.close()
        return [
          {
            what: 'bare mediasoup, worker CPU per forwarded packet',
            value: median(costs.floor),
            unit: 'µs',
          },
          {
            what: 'Beseda, worker CPU per forwarded packet',
            value: median(costs.ours),
            unit: 'µs',
          },
          { what: 'ratio', value: median(costs.ours) / median(costs.floor), unit: '×', goal: 1.03 },
        ]
      },
    )
  } finally {
    bare.close()
  }
}

/** Microseconds of worker CPU per packet that a receiver got, over one round. */
async function costOf(load: Load): Promise<number> {
  const stops = load.tracks.map((track) => track.start())
  await pause(settleMs)
  const [cpuBefore, before] = [await cpuOf(load.pid), load.received()]
  await pause(roundMs)
  const [cpuAfter, after] = [await cpuOf(load.pid), load.received()]
  for (const stop of stops) stop()
  await pause(settleMs)
  return Number(cpuAfter - cpuBefore) / 1000 / (after - before)
}

async function loadBeseda(url: string, pid: number): Promise<Load> {
  const sender = await signUp(url, 'sender', { createDevice })
  const others = await Promise.all(
    Array.from({ length: receivers }, (_, index) =>
      signUp(url, `receiver${index}`, { createDevice }),
    ),
  )
  const chat = await sender.client.rest.createChat({
    type: 'group',
    name: 'Benchmark',
    memberIds: others.map(({ id }) => id),
  })
  const call = await sender.client.calls.start(chat.id, 'video')
  const tracks = { microphone: makeSpeech(), screen: makeVideo() }
  await Promise.all([
    call.publish('microphone', tracks.microphone.track),
    call.publish('screen', tracks.screen.track),
  ])
  let received = 0
  const clients = [sender, ...others].map(({ client }) => client)
  const close = async () => {
    for (const client of clients) await client.close()
  }
  for (const { client } of others) {
    const session = await client.calls.join(call.state.get().call.id)
    await until(() => Object.keys(session.state.get().peers[0]?.tracks ?? {}).length === 2)
    for (const { track } of Object.values(session.state.get().peers[0]?.tracks ?? {})) {
      onRtp(track, () => received++)
    }
  }
  return { pid, tracks: Object.values(tracks), received: () => received, close }
}

async function loadBare(bare: Bare): Promise<Load> {
  const device = await createDevice()
  await device.load({ routerRtpCapabilities: bare.router.rtpCapabilities as types.RtpCapabilities })
  const tracks = { microphone: makeSpeech(), screen: makeVideo() }
  const { send, producers } = await sendBare(bare, device, tracks)
  const transports = [send]
  let received = 0
  for (let index = 0; index < receivers; index++) {
    transports.push(await receiveBare(bare, device, producers, () => received++))
  }
  const close = () => {
    for (const transport of transports) transport.close()
  }
  return { pid: bare.pid, tracks: Object.values(tracks), received: () => received, close }
}

async function sendBare(
  bare: Bare,
  device: types.Device,
  tracks: Partial<Record<Source, TestTrack>>,
) {
  const here = await bare.open()
  const send = device.createSendTransport(transportOptions(here))
  send.on('connect', ({ dtlsParameters }, resolve, reject) =>
    here.connect({ dtlsParameters }).then(resolve, reject),
  )
  const producers: sfu.Producer[] = []
  send.on('produce', ({ kind, rtpParameters }, resolve, reject) =>
    here
      .produce({ kind, rtpParameters: rtpParameters as sfu.RtpParameters })
      .then((producer) => {
        producers.push(producer)
        resolve({ id: producer.id })
      })
      .catch(reject),
  )
  for (const [source, { track }] of Object.entries(tracks)) {
    await send.produce({ ...producerOptions(source as Source, device), track })
  }
  return { send, producers }
}

async function receiveBare(
  bare: Bare,
  device: types.Device,
  producers: sfu.Producer[],
  onPacket: () => void,
) {
  const there = await bare.open()
  const recv = device.createRecvTransport(transportOptions(there))
  recv.on('connect', ({ dtlsParameters }, resolve, reject) =>
    there.connect({ dtlsParameters }).then(resolve, reject),
  )
  for (const producer of producers) {
    const { id, kind, rtpParameters } = await there.consume({
      producerId: producer.id,
      rtpCapabilities: device.recvRtpCapabilities as sfu.RtpCapabilities,
    })
    const consumer = await recv.consume({
      id,
      producerId: producer.id,
      kind,
      rtpParameters: rtpParameters as types.RtpParameters,
    })
    onRtp(consumer.track, onPacket)
  }
  return recv
}

const pause = (ms: number) => new Promise((next) => setTimeout(next, ms))
