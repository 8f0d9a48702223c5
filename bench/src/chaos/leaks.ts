import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../beseda.ts'
import type { Outcome, Scene } from './blows.ts'

/** What a node counts that belongs to calls. */
const counted = /^sfu_(rooms|peers|transports|producers|consumers) (\d+)$/gm

/**
 * Start, join and end calls of two. Answers how many rooms, peers, transports, producers, consumers
 * and Redis keys that never expire there are more than before.
 */
export async function countLeaks(scene: Scene, calls: number): Promise<Outcome> {
  const { beseda, meeting } = scene
  const [one, other] = meeting.people
  if (!one || !other) throw new Error('two are needed')
  // Who is in one call is in no other: the meeting goes on without these two.
  const { id: chatId } = await one.client.rest.createChat({ type: 'personal', userId: other.id })
  await Promise.all([one, other].map(({ client }) => client.calls.hangUp()))
  await sleep(500)
  const before = await count(scene)
  const memory: number[] = []
  for (let call = 0; call < calls; call++) {
    const { state } = await one.client.calls.start(chatId, 'audio')
    await other.client.calls.join(state.get().call.id)
    await one.client.calls.hangUp()
    await until(() => other.client.calls.current.get()?.state.get().phase.status === 'ended')
    if (call === Math.floor(calls / 2)) memory.push(await residentMb(beseda.processes))
  }
  memory.push(await residentMb(beseda.processes))
  let left = Number.POSITIVE_INFINITY
  for (let tries = 50; tries > 0 && left > 0; tries--) {
    await sleep(200)
    left = (await count(scene)) - before
  }
  const note = `server and SFU: ${memory.map((mb) => mb.toFixed(0)).join(' MB half way, ')} MB at the end`
  return { value: Math.max(0, left), note }
}

async function count({ beseda, redis }: Scene): Promise<number> {
  const text = await (await fetch(`${beseda.sfuUrl.replace('ws:', 'http:')}/metrics`)).text()
  const inSfu = [...text.matchAll(counted)].map(([, , value]) => Number(value))
  const keys = await redis.keys('*')
  const lives = await Promise.all(keys.map((key) => redis.ttl(key)))
  return inSfu.reduce((sum, value) => sum + value, 0) + lives.filter((ttl) => ttl === -1).length
}

/** Resident memory of the processes, in megabytes; 0 where the system does not tell. */
async function residentMb(processes: Scene['beseda']['processes']): Promise<number> {
  const sizes = Object.values(processes).map(async ({ pid }) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
