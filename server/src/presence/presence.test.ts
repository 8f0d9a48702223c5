import type { Status } from '@beseda/protocol/users'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse, type TestServer } from '../testing/app.ts'
import type { TestSocket } from '../testing/event-socket.ts'
import type { Person } from '../testing/person.ts'
import { makeConnections, presenceValidMs } from './connections.ts'

let house: TestHouse
let second: TestServer
beforeAll(async () => {
  house = await openTestHouse()
  second = await house.another()
})
afterAll(() => house.close())

/** Two who share a chat; the second watches on the other server. */
async function pair(): Promise<{ seen: Person; watcher: Person; socket: TestSocket }> {
  const [seen, watcher] = [await house.person(), await house.person()]
  await seen.personalChat(watcher.id)
  return { seen, watcher, socket: await watcher.socket({}, second) }
}

const statusOf = async (watcher: Person, { id }: Person): Promise<Status> =>
  (await watcher.call('GET', `/users/${id}`)).json().status

const becomes = (socket: TestSocket, { id }: Person, status: Status) =>
  socket.next('presence', (event) => event.userId === id && event.status === status)

describe('presence', () => {
  test('is announced at the first connection and after the last', async () => {
    const { seen, watcher, socket } = await pair()
    const [one, other] = [await seen.socket(), await seen.socket({}, second)]
    expect(await becomes(socket, seen, 'online')).toMatchObject({ lastSeenAt: null })
    await one.close()
    expect(await statusOf(watcher, seen)).toBe('online')
    await other.close()
    const { lastSeenAt } = await becomes(socket, seen, 'offline')
    expect(Date.now() - Date.parse(lastSeenAt ?? '')).toBeLessThan(60_000)
    const own = socket.events.filter(
      (event) => event.type === 'presence' && event.userId === seen.id,
    )
    expect(own).toHaveLength(2)
    await socket.close()
  })

  test('is away when every socket says so', async () => {
    const { seen, socket } = await pair()
    const [one, other] = [await seen.socket(), await seen.socket({}, second)]
    one.sendFrame({ type: 'presence', status: 'away' })
    other.sendFrame({ type: 'presence', status: 'away' })
    await becomes(socket, seen, 'away')
    one.sendFrame({ type: 'presence', status: 'online' })
    await expect
      .poll(() => socket.events.filter((event) => event.type === 'presence').at(-1))
      .toMatchObject({ userId: seen.id, status: 'online' })
    for (const each of [one, other, socket]) await each.close()
  })

  test('shows what the user chose, while they are connected', async () => {
    const { seen, watcher, socket } = await pair()
    await seen.call('PATCH', '/me', { status: 'dnd' })
    expect(await statusOf(watcher, seen)).toBe('offline')
    const own = await seen.socket()
    await becomes(socket, seen, 'dnd')
    own.sendFrame({ type: 'presence', status: 'away' })
    expect(await statusOf(watcher, seen)).toBe('dnd')
    await seen.call('PATCH', '/me', { status: 'online' })
    await expect.poll(() => statusOf(watcher, seen)).toBe('away')
    await own.close()
    await socket.close()
  })

  test('is not told to strangers', async () => {
    const [stranger, seen] = [await house.person(), await house.person()]
    const socket = await stranger.socket()
    await (await seen.socket()).close()
    await expect.poll(() => statusOf(stranger, seen)).toBe('offline')
    expect(socket.events.filter((event) => 'userId' in event && event.userId === seen.id)).toEqual(
      [],
    )
    await socket.close()
  })
})

describe('a server that dies', () => {
  test('leaves its users connected until its word is out of date', async () => {
    const { redis, connections } = house.first.services
    const dead = makeConnections({ redis, serverId: 'dead' })
    const { id } = await house.person()
    const then = Date.now() - presenceValidMs
    expect(await dead.report(id, 'awake', then + 5_000)).toEqual({
      before: 'offline',
      after: 'awake',
    })
    expect(await connections.sweep()).toEqual([])
    expect((await connections.of([id])).get(id)).toBe('awake')
    expect(await connections.sweep(Date.now() + 5_001)).toEqual([id])
    expect((await connections.of([id])).has(id)).toBe(false)
  })
})
