import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makePlan } from './plan.ts'
import { checkScenario } from './scenario.ts'

const scenario = (value: Record<string, unknown>) => checkScenario(value, 'test')

const meeting = {
  duration: 60,
  rampUp: 10,
  calls: [{ count: 2, participants: 5, video: 2, screen: 1, talkers: 2, churn: 3 }],
  chat: { members: 12, messagesPerSecond: 5 },
}

test('the same seed makes the same run, another one another', () => {
  expect(makePlan(scenario(meeting))).toEqual(makePlan(scenario(meeting)))
  expect(makePlan(scenario({ ...meeting, seed: 2 }))).not.toEqual(makePlan(scenario(meeting)))
})

test('each call has its participants, who publish what they should', () => {
  const { bots, calls, chat } = makePlan(scenario(meeting))
  expect(bots).toHaveLength(12)
  expect(calls.map((call) => call.bots)).toEqual([
    [0, 1, 2, 3, 4],
    [5, 6, 7, 8, 9],
  ])
  expect(bots[0]?.sources).toEqual(['microphone', 'camera', 'screen'])
  expect(bots[6]?.sources).toEqual(['microphone', 'camera'])
  expect(bots[4]?.sources).toEqual(['microphone'])
  expect(bots[11]?.call).toBeNull()
  expect(chat).toHaveLength(12)
})

test('the last of each call are behind the bad network', () => {
  const network = { bots: 2, lossPercent: 5, delayMs: 40 }
  const { bots } = makePlan(scenario({ calls: [{ count: 2, participants: 3, network }] }))
  const bad = { lossPercent: 5, delayMs: 40, kbps: null }
  expect(bots.map((bot) => bot.network)).toEqual([null, bad, bad, null, bad, bad])
})

test('bots join over the ramp and churn without ever being in twice', () => {
  const { bots, duration } = makePlan(scenario(meeting))
  expect(bots[0]?.stays).toEqual([{ joinAt: 0, leaveAt: 60_000 }])
  expect(bots[9]?.stays[0]?.joinAt).toBe(10_500)
  const stays = bots.slice(1, 5).flatMap((bot) => bot.stays)
  expect(stays.length).toBeGreaterThan(4)
  for (const bot of bots) {
    for (const [index, { joinAt, leaveAt }] of bot.stays.entries()) {
      expect(joinAt).toBeLessThan(leaveAt)
      expect(leaveAt).toBeLessThanOrEqual(duration)
      expect(joinAt).toBeGreaterThan(bot.stays[index - 1]?.leaveAt ?? -1)
    }
  }
})

test('those who talk are in the call, have a microphone, and are as many as asked', () => {
  const { bots, calls } = makePlan(scenario(meeting))
  const talked = new Set<number>()
  for (const call of calls) {
    for (const turn of call.turns.slice(4)) {
      expect(turn.bots).toHaveLength(2)
      for (const bot of turn.bots) {
        talked.add(bot)
        expect(call.bots).toContain(bot)
        const stays = bots[bot]?.stays ?? []
        expect(stays.some((stay) => stay.joinAt <= turn.at && turn.at < stay.leaveAt)).toBe(true)
      }
    }
  }
  expect(talked.size).toBeGreaterThan(5)
})

test('in a channel only its owner writes, at the pace that was asked for', () => {
  const chat = { type: 'channel', members: 200, messagesPerSecond: 4 }
  const { messages } = makePlan(scenario({ duration: 10, chat }))
  expect(new Set(messages.map(({ bot }) => bot))).toEqual(new Set([0]))
  expect(messages).toHaveLength(39)
})

test('the examples are scenarios', async () => {
  const folder = join(import.meta.dirname, '..', 'examples')
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'))
  expect(files.length).toBeGreaterThanOrEqual(5)
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8')
    expect(makePlan(checkScenario(JSON.parse(text), file)).bots.length).toBeGreaterThan(1)
  }
})
