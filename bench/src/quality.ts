import { cameraShare, sendCamera } from '@beseda/client/testing/simulcast'
import { createDevice, installWebRtc, makeTrack, onRtp } from '@beseda/client/testing/werift'
import { pageOf, stageSizes } from '@beseda/web/calls/stage'
import type { types } from 'mediasoup-client'
import { signUp, type User, until, withBeseda } from './beseda.ts'
import type { Row } from './numbers.ts'
import { cpuOf, workerOf } from './worker-cpu.ts'

const sizes = [4, 9, 16]
/** About the room that header and controls leave to tiles in a page of 1440 × 900 that a call fills, in pixels. */
const room = { width: 1400, height: 736 }
const gap = 12
/** Until every receiver has the layer that it wants, and nothing else is sent, in ms. */
const settleMs = 3_000
const watchMs = 6_000
/** Longer than the client waits until it asks for less, and shorter than it and the SFU together, in ms. */
const lessMs = 450

/** A participant with a made-up camera; what it got and sent so far, in bytes of pictures. */
type Participant = User & { received(): number; sent(): number; leave(): Promise<void> }

/**
 * What a call costs with what the page wants of each picture (layers by the size of tiles, nothing
 * for those on other pages, no layer encoded that nobody wants), beside the same call without.
 */
export async function measureQuality(): Promise<Row[]> {
  installWebRtc()
  const cameras = new Map<string, types.Producer>()
  const createWatchedDevice = async () => {
    const device = await createDevice()
    device.observer.on('newtransport', (transport) =>
      transport.observer.on('newproducer', (producer) => {
        if (producer.track) cameras.set(producer.track.id, producer)
      }),
    )
    return device
  }
  return withBeseda({ SFU_WORKERS: '1' }, async ({ url, processes }) => {
    const pid = await workerOf(processes.sfu.pid ?? 0)
    const users: User[] = []
    for (let index = 0; index < Math.max(...sizes); index++) {
      users.push(await signUp(url, `person${index}`, { createDevice: createWatchedDevice }))
    }
    const rows: Row[] = []
    for (const count of sizes)
      rows.push(...(await measureCall(users.slice(0, count), cameras, pid)))
    for (const { client } of users) await client.close()
    return rows
  })
}

async function measureCall(
  users: User[],
  cameras: Map<string, types.Producer>,
  pid: number,
): Promise<Row[]> {
  const people = await meet(users, cameras)
  await wantInFull(people)
  const inFull = await watch(people, pid)
  for (const one of people) wantAsShown(one, people)
  const asShown = await watch(people, pid)
  for (const one of people) await one.leave()
  const of = `of ${users.length}`
  const beside = (what: string, value: (seen: Seen) => number, unit: Row['unit']): Row[] => [
    { what: `${of}: ${what}, all in full`, value: value(inFull), unit },
    { what: `${of}: ${what}, as the page wants it`, value: value(asShown), unit },
    { what: `${of}: ${what}, ratio`, value: value(asShown) / value(inFull), unit: '×' },
  ]
  return [
    ...beside('received by each', ({ received }) => received, 'kbit/s'),
    ...beside('sent by each', ({ sent }) => sent, 'kbit/s'),
    ...beside("the worker's CPU", ({ cpu }) => cpu, '%'),
  ]
}

/** Everybody joins one call, sends a camera and receives all others'. */
async function meet(users: User[], cameras: Map<string, types.Producer>): Promise<Participant[]> {
  const [host, ...others] = users
  if (!host) throw new Error('a call of nobody')
  const chat = await host.client.rest.createChat({
    type: 'group',
    name: 'Benchmark',
    memberIds: others.map(({ id }) => id),
  })
  const call = await host.client.calls.start(chat.id, 'video')
  const callId = call.state.get().call.id
  for (const { client } of others) await client.calls.join(callId)
  const people: Participant[] = []
  for (const user of users) people.push(await takePart(user, cameras))
  await until(() => people.every((one) => seenBy(one).length === users.length - 1))
  return people
}

function sessionOf({ client }: User) {
  const session = client.calls.current.get()
  if (!session) throw new Error('not in the call')
  return session
}

/** Whose camera somebody receives. */
const seenBy = (user: User) =>
  sessionOf(user)
    .state.get()
    .peers.filter(({ tracks }) => tracks.camera)

async function takePart(user: User, cameras: Map<string, types.Producer>): Promise<Participant> {
  const session = sessionOf(user)
  const heard = new Set<MediaStreamTrack>()
  let received = 0
  const look = () => {
    for (const { tracks } of session.state.get().peers) {
      const track = tracks.camera?.track
      if (!track || heard.has(track)) continue
      heard.add(track)
      onRtp(track, ({ payload }) => {
        received += payload.length
      })
    }
  }
  const stopLooking = session.state.subscribe(look)
  look()
  const { track } = makeTrack('video')
  await session.publish('camera', track)
  const producer = cameras.get(track.id)
  if (!producer) throw new Error('the camera has no producer')
  const camera = sendCamera(producer)
  return {
    ...user,
    received: () => received,
    sent: camera.bytes,
    async leave() {
      camera.stop()
      stopLooking()
      await user.client.calls.hangUp()
      user.client.calls.dismiss()
    },
  }
}

/**
 * Want all of everybody's picture, however it is shown. Without an estimate of the bandwidth the
 * SFU looks for a better layer only when another one is asked for, so one is asked for before,
 * for too short a time to stop the sender.
 */
async function wantInFull(people: Participant[]) {
  const want = (width: number) => {
    for (const one of people) {
      for (const { id } of people) {
        if (id !== one.id) sessionOf(one).want(id, 'camera', { width, height: (width * 9) / 16 })
      }
    }
  }
  await pause(settleMs)
  want(640)
  await pause(lessMs)
  want(1280)
}

/** Want of the others' pictures what the first page of the grid shows; one's own tile comes last. */
function wantAsShown(one: Participant, people: Participant[]) {
  const session = sessionOf(one)
  const others = people.filter(({ id }) => id !== one.id)
  const tiles = stageSizes(room, gap, false, people.length)
  const page = pageOf([...others, one], 0, tiles.perPage)
  const size = tiles.tile(page.items.length)
  for (const other of others) {
    session.want(other.id, 'camera', page.items.includes(other) ? size : null)
  }
}

/** Per participant in kbit/s of whole cameras, and of one core in percent. */
type Seen = { received: number; sent: number; cpu: number }

async function watch(people: Participant[], pid: number): Promise<Seen> {
  await pause(settleMs)
  const count = async () => ({
    at: performance.now(),
    cpu: await cpuOf(pid),
    received: people.reduce((sum, one) => sum + one.received(), 0),
    sent: people.reduce((sum, one) => sum + one.sent(), 0),
  })
  const before = await count()
  await pause(watchMs)
  const after = await count()
  const ms = after.at - before.at
  const rate = (bytes: number) => (bytes * 8) / ms / people.length / cameraShare
  return {
    received: rate(after.received - before.received),
    sent: rate(after.sent - before.sent),
    cpu: (Number(after.cpu - before.cpu) / 1e6 / ms) * 100,
  }
}

const pause = (ms: number) => new Promise((next) => setTimeout(next, ms))
