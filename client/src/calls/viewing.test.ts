import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createViewing } from './viewing.ts'

const small = { width: 300, height: 169 }
const large = { width: 1200, height: 675 }
const cameraOf = (userId: string) => ({ id: `${userId}-c`, userId, source: 'camera' as const })

let told: string[]
let viewing: ReturnType<typeof createViewing>

beforeEach(() => {
  vi.useFakeTimers()
  told = []
  viewing = createViewing({
    request: async (type, data) => {
      told.push(`${type} ${Object.values(data).flat().join(' ')}`)
      return {} as never
    },
  })
})
afterEach(() => {
  vi.useRealTimers()
})

test('whoever never says what is shown gets everything as well as can be', () => {
  expect(viewing.open(cameraOf('anna'))).toBe(true)
  vi.advanceTimersByTime(60_000)
  expect(told).toEqual([])
})

test('a small picture asks for a small layer before it is started', () => {
  viewing.want('anna', 'camera', small)
  expect(viewing.open(cameraOf('anna'))).toBe(true)
  expect(told).toEqual(['setPreferredLayers anna-c 0'])
})

test('more is asked for at once, less after a moment', () => {
  viewing.open(cameraOf('anna'))
  viewing.want('anna', 'camera', small)
  expect(told).toEqual([])
  vi.advanceTimersByTime(300)
  expect(told).toEqual(['setPreferredLayers anna-c 0'])
  viewing.want('anna', 'camera', large)
  expect(told.at(-1)).toBe('setPreferredLayers anna-c 2')
})

test('what is scrolled by within a moment is not paused', () => {
  viewing.open(cameraOf('anna'))
  viewing.want('anna', 'camera', large)
  told = []
  viewing.want('anna', 'camera', null)
  viewing.want('anna', 'camera', large)
  vi.advanceTimersByTime(1_000)
  expect(told).toEqual([])
})

test('what is out of sight is paused and comes back', () => {
  viewing.open(cameraOf('anna'))
  viewing.want('anna', 'camera', large)
  viewing.want('anna', 'camera', null)
  vi.advanceTimersByTime(300)
  expect(told.at(-1)).toBe('pauseConsumer anna-c')
  viewing.want('anna', 'camera', small)
  expect(told.slice(-2)).toEqual(['setPreferredLayers anna-c 0', 'resumeConsumers anna-c'])
})

test('a picture that nobody claims is paused once screens say what they show', () => {
  viewing.want('anna', 'camera', large)
  viewing.open(cameraOf('boris'))
  vi.advanceTimersByTime(1_000)
  expect(told).toEqual(['pauseConsumer boris-c'])
  viewing.close('boris-c')
  expect(viewing.open({ ...cameraOf('boris'), id: 'again' })).toBe(false)
})

test('nothing is forwarded while nothing of the call is looked at', () => {
  viewing.open(cameraOf('anna'))
  viewing.want('anna', 'camera', large)
  viewing.setWatching(false)
  expect(told.at(-1)).toBe('pauseConsumer anna-c')
  expect(viewing.open(cameraOf('boris'))).toBe(false)
  viewing.setWatching(true)
  expect(told.slice(-2)).toEqual(['resumeConsumers anna-c', 'resumeConsumers boris-c'])
})

test('a screen is paused or whole', () => {
  viewing.open({ id: 's', userId: 'anna', source: 'screen' })
  viewing.want('anna', 'screen', small)
  vi.advanceTimersByTime(1_000)
  expect(told).toEqual([])
  viewing.want('anna', 'screen', null)
  vi.advanceTimersByTime(300)
  expect(told).toEqual(['pauseConsumer s'])
})

test('the sound of a screen goes on while nobody looks, and is paused once nobody wants it', () => {
  const sound = { id: 'sound', userId: 'anna', source: 'screenAudio' as const }
  expect(viewing.open(sound)).toBe(true)
  viewing.want('anna', 'screenAudio', small)
  viewing.setWatching(false)
  expect(told).toEqual([])
  viewing.want('anna', 'screenAudio', null)
  vi.advanceTimersByTime(300)
  expect(told).toEqual(['pauseConsumer sound'])
  viewing.want('anna', 'screenAudio', small)
  expect(told.at(-1)).toBe('resumeConsumers sound')
})

test('after a reconnect everything is said again', () => {
  viewing.open(cameraOf('anna'))
  viewing.open(cameraOf('boris'))
  viewing.want('anna', 'camera', small)
  viewing.want('boris', 'camera', null)
  vi.advanceTimersByTime(300)
  told = []
  viewing.retell()
  expect(told).toEqual([
    'setPreferredLayers anna-c 0',
    'resumeConsumers anna-c',
    'pauseConsumer boris-c',
  ])
})
