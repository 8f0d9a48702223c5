import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sfu } from '../build.ts'
import { putCall } from '../testing/calls.ts'
import { join } from '../testing/client.ts'
import { eventsOf } from '../testing/events.ts'
import { startTestSfu } from '../testing/node.ts'

let sfu: Sfu
beforeAll(async () => {
  sfu = await startTestSfu({}, { aloneAsk: 300, aloneEnd: 2_500 })
})
afterAll(() => sfu.close())

test('who is alone is asked, and the call ends when they do not answer', async () => {
  const call = await putCall(sfu)
  const ann = await join(sfu, call)
  const { endsAt } = await ann.notice('alone')
  expect(Date.parse(endsAt)).toBeGreaterThan(Date.now())
  expect(await ann.closed).toBe(4410)
  expect(ann.notices.at(-1)).toEqual({ type: 'closed', reason: 'ended' })
  await expect
    .poll(async () => (await eventsOf(sfu.redis, call.callId)).at(-1))
    .toMatchObject({ type: 'ended', why: 'alone' })
})

test('who stays is asked again later, and who is joined is not asked any more', async () => {
  const call = await putCall(sfu)
  const ann = await join(sfu, call)
  const asked = () => ann.notices.filter(({ type }) => type === 'alone').length
  await expect.poll(asked).toBe(1)
  await ann.request('stay', {})
  await expect.poll(asked).toBe(2)

  const bob = await join(sfu, call)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(asked()).toBe(2)
  expect(bob.notices.map(({ type }) => type)).not.toContain('alone')

  await bob.request('leave', {})
  await expect.poll(asked).toBe(3)
  await ann.request('leave', {})
})
