import { garble, makeRandom, mutate, pick, type Random } from '@beseda/protocol/testing/fuzz'
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'
import { openBareSocket } from '../testing/event-socket.ts'
import type { Person } from '../testing/person.ts'

const seed = 20_261_121
/** Sockets that say hello and then mostly what they may: the first spoilt frame closes them. */
const members = 125
const framesOfOne = 64
/** Sockets whose first frame is spoilt. */
const strangers = 2_000
const atOnce = 25

let house: TestHouse
let anna: Person
beforeAll(async () => {
  house = await openTestHouse()
  anna = await house.person('Anna')
})
afterAll(() => house.close())

const hello = () => ({ type: 'hello', token: anna.token, seqs: { [v7()]: 1 } })

function later(random: Random): object {
  return pick<object>(random, [
    { type: 'typing', chatId: v7() },
    { type: 'presence', status: 'away' },
    { type: 'presence', status: 'online' },
  ])
}

/** A frame that does not fit, or is none at all; now and then it still does. */
function spoil(random: Random, good: object): string | Buffer {
  return random() < 0.5
    ? (JSON.stringify(mutate(random, good)) ?? 'undefined')
    : garble(random, JSON.stringify(good))
}

test('ten thousand frames, good and spoilt, leave the server serving and its memory bounded', async () => {
  const random = makeRandom(seed)
  const residentBefore = process.memoryUsage().rss
  let sent = 0
  async function trouble(frames: (string | Buffer)[]) {
    const socket = await openBareSocket(house.first.url)
    for (const frame of frames) socket.raw.send(frame)
    sent += frames.length
    socket.raw.close()
    await socket.closed
  }
  async function many(count: number, makeFrames: () => (string | Buffer)[]) {
    for (let done = 0; done < count; done += atOnce) {
      await Promise.all(Array.from({ length: atOnce }, () => trouble(makeFrames())))
    }
  }
  await many(members, () => [
    JSON.stringify(hello()),
    ...Array.from({ length: framesOfOne - 1 }, () => {
      const good = later(random)
      return random() < 0.03 ? spoil(random, good) : JSON.stringify(good)
    }),
  ])
  await many(strangers, () => [spoil(random, random() < 0.5 ? hello() : later(random))])
  expect(sent).toBe(10_000)

  const boris = await house.person('Boris')
  const { id: chatId } = await anna.group([boris.id])
  const { next, close } = await boris.socket()
  await anna.send(chatId, 'Still here?')
  expect((await next('message.created', ({ message }) => message.body !== '')).message.body).toBe(
    'Still here?',
  )
  await close()
  const grownMb = (process.memoryUsage().rss - residentBefore) / 2 ** 20
  expect(grownMb).toBeLessThan(200)
}, 60_000)
