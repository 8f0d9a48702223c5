import { configSchema } from '@beseda/protocol/config'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../testing/app.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse({ FILE_MAX_MB: '7', REGISTRATION: 'closed' })
})
afterAll(() => house.close())

test('anybody can ask who may sign up and how large files may be', async () => {
  const reply = await house.first.app.inject('/api/config')
  expect(configSchema.parse(reply.json())).toEqual({
    registration: 'closed',
    fileBytesMax: 7 * 2 ** 20,
    avatarBytesMax: 5 * 2 ** 20,
    groupMembersMax: 100,
    channelMembersMax: 1000,
    retention: { messageDays: null, fileDays: null, callDays: null },
  })
})
