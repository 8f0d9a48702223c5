import { expect, test } from 'vitest'
import { makeMailbox } from './mailbox.ts'

type Letter = { type: 'a'; value: number } | { type: 'b' }

test('what came before it is wanted is there, and what is wanted before it comes is waited for', async () => {
  const box = makeMailbox<Letter>()
  box.put({ type: 'a', value: 1 })
  expect(await box.take('a')).toEqual({ type: 'a', value: 1 })
  const later = box.take('b')
  box.put({ type: 'b' })
  expect(await later).toEqual({ type: 'b' })
})

test('a closed box gives out what is in it, and an error for the rest', async () => {
  const box = makeMailbox<Letter>()
  const waiting = box.take('b')
  box.put({ type: 'a', value: 1 })
  box.close(new Error('gone'))
  box.close(new Error('later'))
  await expect(waiting).rejects.toThrow('gone')
  expect(await box.take('a')).toEqual({ type: 'a', value: 1 })
  const empty = makeMailbox<Letter>()
  empty.close(new Error('gone'))
  await expect(empty.take('a')).rejects.toThrow('gone')
})
