import { expect, test } from 'vitest'
import { readVolumes } from './hearing.ts'

test('keeps volumes that were turned down', () => {
  expect([...readVolumes('{"anna":0.4,"boris":0}')]).toEqual([
    ['anna', 0.4],
    ['boris', 0],
  ])
})

test.each([[null], ['nonsense'], ['null'], ['7'], ['{"anna":"loud","boris":4,"vera":-1}']])(
  'takes %j for no volumes',
  (stored) => {
    expect([...readVolumes(stored)]).toEqual([])
  },
)
