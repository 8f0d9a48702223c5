import { expect, test } from 'vitest'
import { makeTurns } from './turns.ts'

test('lets so many work at a time, in the order in which they came, failures or not', async () => {
  const takeTurn = makeTurns(2)
  const started: number[] = []
  const finish: ((error?: Error) => void)[] = []
  const work = (index: number) =>
    takeTurn(async () => {
      started.push(index)
      await new Promise<void>((resolve, reject) => {
        finish[index] = (error) => (error ? reject(error) : resolve())
      })
      return index
    })
  const done = Promise.allSettled([0, 1, 2, 3].map(work))
  await expect.poll(() => started).toEqual([0, 1])
  finish[1]?.(new Error('failed'))
  await expect.poll(() => started).toEqual([0, 1, 2])
  finish[0]?.()
  await expect.poll(() => started).toEqual([0, 1, 2, 3])
  finish[2]?.()
  finish[3]?.()
  expect((await done).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ])
  expect(await takeTurn(async () => 'free again')).toBe('free again')
})
