import { setTimeout as pause } from 'node:timers/promises'
import type { Counter } from '@beseda/bots/counter'
import type { Engine, Sending } from '@beseda/bots/engine'
import { makeLightEngine } from '@beseda/bots/engines/light'
import { freePort } from '@beseda/launcher/ports'
import { provideWorker } from '@beseda/launcher/worker/provide'
import type { types as sfu } from 'mediasoup'
import type { types } from 'mediasoup-client'
import { type Bare, receiveBare, sendBare, startBare } from './bare.ts'
import { signUp, type User, until, withBeseda } from './beseda.ts'
import { median, medianRange, type Row } from './numbers.ts'
import { cpuOf, workerOf } from './worker-cpu.ts'

const people = 4
/** Until the estimates of bandwidth have let everything through, in ms. */
const settleMs = 10_000
const slices = 30
const sliceMs = 1_000

/** A call of four who all send sound and a camera and receive everybody's. */
type Call = { pid: number; received(): number; close(): Promise<void> | void }

/**
 * CPU per forwarded packet of a call of four bots who answer as browsers do
 * (reports, repeats, transport-wide feedback), beside a bare router with the
 * same bots at the same time.
 */
export async function measureFeedback(): Promise<Row[]> {
  const engine = makeLightEngine()
  const { path } = await provideWorker({ env: process.env })
  const bare = await startBare(path, await freePort('127.0.0.1'))
  const env = { SFU_WORKERS: '1', MEDIASOUP_WORKER_BIN: path }
  try {
    return await withBeseda(env, async ({ url, processes }) => {
      const pid = await workerOf(processes.sfu.pid ?? 0)
      const calls = {
        floor: await callBare(engine, bare),
        ours: await callBeseda(engine, url, pid),
      }
      await pause(settleMs)
      const seen = await watch(calls)
      for (const call of Object.values(calls)) await call.close()
      const ratios = seen.ours.cost.map((cost, slice) => cost / (seen.floor.cost[slice] ?? 0))
      const { low, high } = medianRange(ratios)
      const what = 'Beseda / bare mediasoup'
      return [
        { what: 'bare mediasoup, packets received', value: seen.floor.packets, unit: '1/s' },
        { what: 'Beseda, packets received', value: seen.ours.packets, unit: '1/s' },
        { what: 'bare mediasoup, CPU per packet', value: median(seen.floor.cost), unit: 'µs' },
        { what: 'Beseda, CPU per packet', value: median(seen.ours.cost), unit: 'µs' },
        { what, value: median(ratios), unit: '×', goal: 1.05 },
        { what: `${what}, 95 % sure: from`, value: low, unit: '×' },
        { what: `${what}, 95 % sure: to`, value: high, unit: '×' },
      ]
    })
  } finally {
    bare.close()
    engine.close()
  }
}

/** CPU in µs for each packet that arrived, second by second, both calls in the same seconds. */
async function watch(calls: Record<'floor' | 'ours', Call>) {
  const look = async ({ pid, received }: Call) => ({ cpu: await cpuOf(pid), packets: received() })
  const seen = {
    floor: { cost: [] as number[], packets: 0 },
    ours: { cost: [] as number[], packets: 0 },
  }
  const sides = ['floor', 'ours'] as const
  let before = { floor: await look(calls.floor), ours: await look(calls.ours) }
  for (let slice = 0; slice < slices; slice++) {
    await pause(sliceMs)
    const after = { floor: await look(calls.floor), ours: await look(calls.ours) }
    for (const side of sides) {
      const packets = after[side].packets - before[side].packets
      seen[side].cost.push(Number(after[side].cpu - before[side].cpu) / 1000 / packets)
      seen[side].packets += packets / ((slices * sliceMs) / 1000)
    }
    before = after
  }
  return seen
}

const codec = 'vp8'

const createDevice = (engine: Engine) => engine.createDevice({ codec, network: null })

const openBoth = (engine: Engine) => ({
  microphone: engine.open('microphone', { simulcast: false, codec }),
  camera: engine.open('camera', { simulcast: true, codec }),
})

const received = (counters: Counter[]) => () =>
  counters.reduce((sum, counter) => sum + counter.counts().packets, 0)

async function callBeseda(engine: Engine, url: string, pid: number): Promise<Call> {
  const users: User[] = []
  for (let index = 0; index < people; index++) {
    users.push(await signUp(url, `person${index}`, { createDevice: () => createDevice(engine) }))
  }
  const [host, ...others] = users
  if (!host) throw new Error('a call of nobody')
  const memberIds = others.map(({ id }) => id)
  const chat = await host.client.rest.createChat({ type: 'group', name: 'Benchmark', memberIds })
  const first = await host.client.calls.start(chat.id, 'video')
  const sessions = [first]
  for (const { client } of others) sessions.push(await client.calls.join(first.state.get().call.id))
  const sendings: Sending[] = []
  for (const session of sessions) {
    const { microphone, camera } = openBoth(engine)
    await session.publish('microphone', microphone.track)
    await session.publish('camera', camera.track)
    microphone.setTalking(true)
    sendings.push(microphone, camera)
  }
  const counters: Counter[] = []
  for (const session of sessions) {
    const tracks = () => session.state.get().peers.flatMap((peer) => Object.values(peer.tracks))
    await until(() => tracks().length === (people - 1) * 2)
    counters.push(...tracks().map(({ track }) => engine.count(track)))
  }
  return {
    pid,
    received: received(counters),
    async close() {
      for (const sending of sendings) sending.close()
      for (const { client } of users) await client.close()
    },
  }
}

async function callBare(engine: Engine, bare: Bare): Promise<Call> {
  const devices: types.Device[] = []
  const transports: types.Transport[] = []
  const published: sfu.Producer[][] = []
  const sendings: Sending[] = []
  for (let index = 0; index < people; index++) {
    const device = await createDevice(engine)
    const routerRtpCapabilities = bare.router.rtpCapabilities as types.RtpCapabilities
    await device.load({ routerRtpCapabilities })
    const { microphone, camera } = openBoth(engine)
    const { send, producers } = await sendBare(bare, device, { microphone, camera })
    microphone.setTalking(true)
    sendings.push(microphone, camera)
    devices.push(device)
    transports.push(send)
    published.push(producers)
  }
  const counters: Counter[] = []
  for (const [index, device] of devices.entries()) {
    const others = published.filter((_, owner) => owner !== index).flat()
    const onTrack = (track: MediaStreamTrack) => void counters.push(engine.count(track))
    transports.push(await receiveBare(bare, device, others, { onTrack }))
  }
  return {
    pid: bare.pid,
    received: received(counters),
    close() {
      for (const sending of sendings) sending.close()
      for (const transport of transports) transport.close()
    },
  }
}
