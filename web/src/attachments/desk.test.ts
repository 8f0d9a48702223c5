import { expect, test } from 'vitest'
import { storedFile } from '../gallery/fixtures.ts'
import {
  type Desk,
  emptyDesk,
  isBusy,
  nextUploads,
  sentPart,
  storedOf,
  type Upload,
  type UploadState,
  withState,
} from './desk.ts'

const queued: UploadState = { is: 'queued' }
const done: UploadState = { is: 'done', stored: storedFile({}) }
const half: UploadState = { is: 'uploading', part: 0.5 }
const failed: UploadState = { is: 'failed', problem: 'NETWORK' }

const upload = (id: string, state: UploadState, size = 100): Upload => ({
  id,
  name: `${id}.jpg`,
  size,
  kind: 'image',
  preview: null,
  state,
})
const waiting = (...uploads: Upload[]) => ({ id: 'w', body: '', replyTo: null, uploads })
const desk = (change: Partial<Desk>): Desk => ({ ...emptyDesk, ...change })

test('two go out at once, and a message that waits comes before the next one', () => {
  const [a, b, c] = [upload('a', queued), upload('b', queued), upload('c', queued)]
  const ids = (first: Desk, second = emptyDesk) =>
    nextUploads({ first, second }, 2).map(({ id }) => id)
  expect(ids(desk({ tray: [a, b, c] }))).toEqual(['a', 'b'])
  expect(ids(desk({ tray: [a], waiting: [waiting(c)] }))).toEqual(['c', 'a'])
  expect(ids(desk({ tray: [upload('x', half), b, c] }))).toEqual(['b'])
  expect(ids(desk({ tray: [upload('x', half)] }), desk({ tray: [upload('y', half), a] }))).toEqual(
    [],
  )
  expect(ids(desk({ tray: [upload('x', done), upload('y', failed), a] }))).toEqual(['a'])
})

test('an upload changes its state wherever it lies', () => {
  const before = desk({ tray: [upload('a', queued)], waiting: [waiting(upload('b', queued))] })
  expect(withState(before, 'b', done).waiting[0]?.uploads[0]?.state).toBe(done)
  expect(withState(before, 'b', done).tray).toEqual(before.tray)
  expect(withState(before, 'a', half).tray[0]?.state).toBe(half)
})

test('a message is whole when all its files are', () => {
  expect(storedOf([])).toEqual([])
  expect(storedOf([upload('a', done), upload('b', done)])).toHaveLength(2)
  expect(storedOf([upload('a', done), upload('b', half)])).toBeNull()
  expect(storedOf([upload('a', failed)])).toBeNull()
})

test('large files weigh more in what has gone out', () => {
  expect(sentPart([upload('a', done, 100), upload('b', queued, 300)])).toBe(0.25)
  expect(sentPart([upload('a', half, 100)])).toBe(0.5)
  expect(sentPart([])).toBe(1)
})

test('leaving matters while something goes out or waits', () => {
  expect(isBusy({ one: desk({ tray: [upload('a', done), upload('b', failed)] }) })).toBe(false)
  expect(isBusy({ one: desk({ tray: [upload('a', half)] }) })).toBe(true)
  expect(isBusy({ one: desk({ waiting: [waiting(upload('b', failed))] }) })).toBe(true)
})
