import { RequestError } from '@beseda/client/rest'
import type { StoredFile } from '@beseda/protocol/files'
import { expect, test } from 'vitest'
import { storedFile } from '../gallery/fixtures.ts'
import { createTrays, type Picked } from './trays.ts'

const chat = 'chat'
const words = (body: string) => ({ body, replyTo: null })

type Running = {
  name: string
  signal: AbortSignal
  progress: (part: number) => void
  done: () => Promise<void>
  fail: (code: RequestError['code']) => Promise<void>
}

/** Trays whose uploads the test answers. */
function setUp(maxBytes: number | null = 1_000) {
  const running: Running[] = []
  const sent: string[] = []
  const stuck: string[] = []
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve))
  const trays = createTrays({
    upload: (file, { onProgress, signal }) =>
      new Promise<StoredFile>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        running.push({
          name: file.name,
          signal,
          progress: onProgress,
          done: () => {
            resolve(storedFile({ name: file.name }))
            return turn()
          },
          fail: (code) => {
            reject(new RequestError(code, ''))
            return turn()
          },
        })
      }),
    maxBytes: () => maxBytes,
    onWhole: (chatId, { body }, files) =>
      sent.push(`${chatId} ${body}: ${files.map(({ name }) => name)}`),
    onStuck: (chatId) => stuck.push(chatId),
  })
  const upload = (name: string) => {
    const found = running.findLast((one) => one.name === name)
    if (!found) throw new Error(`${name} is not uploaded`)
    return found
  }
  const desk = () => trays.desks.get()[chat] ?? { tray: [], waiting: [] }
  const states = () => desk().tray.map(({ name, state }) => `${name} ${state.is}`)
  return { trays, running, upload, sent, stuck, desk, states }
}

const pick = (...names: string[]): Picked[] =>
  names.map((name) => ({
    file: new File(['12345'], name, { type: 'application/pdf' }),
    folder: false,
  }))

const idOf = ({ desk }: ReturnType<typeof setUp>, name: string) =>
  desk().tray.find((one) => one.name === name)?.id ?? ''

test('uploads begin when a file is taken, two at a time', async () => {
  const { trays, running, upload, states } = setUp()
  trays.add(chat, pick('a', 'b', 'c'))
  expect(running.map(({ name }) => name)).toEqual(['a', 'b'])
  upload('a').progress(0.5)
  expect(states()).toEqual(['a uploading', 'b uploading', 'c queued'])
  await upload('b').done()
  expect(states()).toEqual(['a uploading', 'b done', 'c uploading'])
})

test('a message carries ten files, the first ones', () => {
  const { trays, desk } = setUp()
  const names = Array.from({ length: 8 }, (_, n) => `${n}`)
  expect(trays.add(chat, pick(...names))).toBe(0)
  expect(trays.add(chat, pick('8', '9', '10', '11', '12'))).toBe(3)
  expect(desk().tray.map(({ name }) => name)).toEqual([...names, '8', '9'])
})

test('what can’t be taken is never sent out', () => {
  const { trays, running, states, desk } = setUp(4)
  trays.add(chat, pick('large'))
  trays.add(chat, [{ file: new File([], 'empty'), folder: false }])
  trays.add(chat, [{ file: new File(['x'], 'folder'), folder: true }])
  expect(states()).toEqual(['large failed', 'empty failed', 'folder failed'])
  trays.retry(desk().tray[0]?.id ?? '')
  expect(running).toEqual([])
})

test('a file that is taken out stops, and can be put back in its place', async () => {
  const house = setUp()
  const { trays, upload, states, running } = house
  trays.add(chat, pick('a', 'b', 'c'))
  await upload('b').done()
  const undoB = trays.remove(chat, idOf(house, 'b'))
  const undoA = trays.remove(chat, idOf(house, 'a'))
  expect(upload('a').signal.aborted).toBe(true)
  expect(states()).toEqual(['c uploading'])
  undoA()
  undoB()
  expect(states()).toEqual(['a uploading', 'b done', 'c uploading'])
  expect(running.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'a'])
})

test('a failed upload is tried again when asked', async () => {
  const house = setUp()
  const { trays, upload, states, running } = house
  trays.add(chat, pick('a'))
  await upload('a').fail('NETWORK')
  expect(states()).toEqual(['a failed'])
  trays.retry(idOf(house, 'a'))
  expect(states()).toEqual(['a uploading'])
  expect(running).toHaveLength(2)
})

test('a message goes at once with files that are there, else when they are', async () => {
  const { trays, upload, sent, desk } = setUp()
  trays.add(chat, pick('a'))
  await upload('a').done()
  expect(trays.post(chat, words('now'))?.map(({ name }) => name)).toEqual(['a'])
  trays.add(chat, pick('b', 'c'))
  expect(trays.post(chat, words('later'))).toBeNull()
  expect(desk()).toMatchObject({ tray: [], waiting: [{ body: 'later' }] })
  await upload('b').done()
  expect(sent).toEqual([])
  await upload('c').done()
  expect(sent).toEqual(['chat later: b,c'])
  expect(desk().waiting).toEqual([])
})

test('messages that wait keep their order, those with quicker files too', async () => {
  const { trays, upload, sent } = setUp()
  trays.add(chat, pick('slow'))
  trays.post(chat, words('first'))
  trays.add(chat, pick('quick'))
  await upload('quick').done()
  expect(trays.post(chat, words('second'))).toBeNull()
  expect(sent).toEqual([])
  await upload('slow').done()
  expect(sent).toEqual(['chat first: slow', 'chat second: quick'])
})

test('a message that can’t go says so, is tried again or taken back', async () => {
  const { trays, upload, stuck, desk, states, sent } = setUp()
  trays.add(chat, pick('a', 'b'))
  trays.post(chat, words('stuck'))
  await upload('b').done()
  await upload('a').fail('UNAVAILABLE')
  expect(stuck).toEqual([chat])
  const [waiting] = desk().waiting
  trays.retryWaiting(chat, waiting?.id ?? '')
  await upload('a').fail('FILE_TYPE')
  trays.add(chat, pick('next'))
  expect(trays.takeBack(chat, waiting?.id ?? '')).toEqual(words('stuck'))
  expect(states()).toEqual(['a failed', 'b done', 'next uploading'])
  expect(sent).toEqual([])
})

test('what waits goes into its chat while another is open, and ends with the right to write', async () => {
  const { trays, upload, sent } = setUp()
  trays.add('one', pick('a'))
  trays.add('two', pick('b'))
  trays.post('one', words('x'))
  trays.post('two', words('y'))
  trays.keepOnly((chatId) => chatId === 'two')
  expect(upload('a').signal.aborted).toBe(true)
  await upload('b').done()
  expect(sent).toEqual(['two y: b'])
})

test('signing out breaks everything off', async () => {
  const { trays, upload, running, stuck } = setUp()
  trays.add(chat, pick('a', 'b', 'c'))
  trays.post(chat, words(''))
  trays.close()
  expect(upload('a').signal.aborted && upload('b').signal.aborted).toBe(true)
  await new Promise((resolve) => setTimeout(resolve))
  expect(running).toHaveLength(2)
  expect(stuck).toEqual([])
})
