import { applyNotice, enteringCall, type RemoteTrack, withTrack } from '@beseda/client/calls/state'
import type { Source } from '@beseda/protocol/media'
import type { Notice } from '@beseda/protocol/signalling'
import { expect, test } from 'vitest'
import { anna, boris, call, people } from '../gallery/fixtures.ts'
import { toTiles } from './tiles.ts'

/** Only its identity matters here: Node has no media tracks. */
const track = () => ({}) as MediaStreamTrack
const remote = (source: Source, paused = false): RemoteTrack => ({
  consumerId: source,
  source,
  track: track(),
  paused,
})

const joined = (userId: string, displayName: string, joinedAt: string) =>
  ({
    type: 'peer.joined',
    peer: { userId, displayName, avatarId: null, joinedAt, publish: [], handRaisedAt: null },
  }) satisfies Notice

const withBoris = applyNotice(
  enteringCall(call, anna.id),
  joined(boris.id, boris.displayName, '2026-03-10T09:00:02.000Z'),
)
const tilesOf = (state: typeof withBoris) =>
  toTiles(state, anna).map(({ key, muted, video }) => ({ key, muted, picture: video !== null }))

test('others come in the order in which they joined, oneself last', () => {
  const vera = people[2]?.id ?? ''
  const state = applyNotice(withBoris, joined(vera, 'Vera', '2026-03-10T09:00:01.000Z'))
  expect(toTiles(state, anna).map((tile) => tile.userId)).toEqual([vera, boris.id, anna.id])
})

test('without tracks everybody is muted and has no picture', () => {
  expect(tilesOf(withBoris)).toEqual([
    { key: `${boris.id} camera`, muted: true, picture: false },
    { key: `${anna.id} camera`, muted: true, picture: false },
  ])
})

test('a paused camera is no picture, a paused microphone is muted', () => {
  const on = withTrack(
    withTrack(withBoris, boris.id, remote('camera')),
    boris.id,
    remote('microphone'),
  )
  expect(tilesOf(on)[0]).toMatchObject({ muted: false, picture: true })
  const cameraOff = applyNotice(on, { type: 'consumer.paused', consumerId: 'camera' })
  expect(tilesOf(cameraOff)[0]).toMatchObject({ muted: false, picture: false })
  const muted = applyNotice(on, { type: 'consumer.paused', consumerId: 'microphone' })
  expect(tilesOf(muted)[0]).toMatchObject({ muted: true, picture: true })
})

test('a shared screen is a tile of its own and comes first', () => {
  const state = withTrack(withBoris, boris.id, remote('screen'))
  expect(tilesOf(state).map((tile) => tile.key)).toEqual([
    `${boris.id} screen`,
    `${boris.id} camera`,
    `${anna.id} camera`,
  ])
})

test('a screen is seen by whoever watches it, and offered to the others', () => {
  const state = withTrack(withBoris, boris.id, remote('screen'))
  const screenOf = (watched: Set<string>) => toTiles(state, anna, watched)[0]
  expect(screenOf(new Set())).toMatchObject({ source: 'screen', offered: true, video: null })
  expect(screenOf(new Set([boris.id]))).toMatchObject({ source: 'screen', offered: false })
  expect(screenOf(new Set([boris.id]))?.video).not.toBeNull()
})

test('the own shared screen is a tile too, for as long as it is shared', () => {
  const screen = { track: track(), paused: false }
  const sharing = { ...withBoris, self: { ...withBoris.self, tracks: { screen } } }
  expect(toTiles(sharing, anna).map(({ key, own }) => [key, own])).toEqual([
    [`${anna.id} screen`, true],
    [`${boris.id} camera`, false],
    [`${anna.id} camera`, true],
  ])
})

test('somebody muted does not glow', () => {
  const heard: Notice = { type: 'speakers', speakers: [{ userId: boris.id, volume: -40 }] }
  const on = withTrack(withBoris, boris.id, remote('microphone'))
  const glows = (state: typeof on) => toTiles(state, anna)[0]?.speaking
  expect(glows(applyNotice(on, heard))).toBe(true)
  expect(glows(applyNotice(withBoris, heard))).toBe(false)
})
