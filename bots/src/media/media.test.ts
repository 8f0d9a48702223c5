import { expect, test } from 'vitest'
import { keyFrameWidthH264, nalUnits, packetizeH264 } from './h264.ts'
import { readIvf, writeIvf } from './ivf.ts'
import { loadRecordings } from './recordings.ts'
import { keyFrameWidth, packetize } from './vp8.ts'

const none = Buffer.alloc(0)

test('a recording comes out of its file as it went in', () => {
  const frames = [Buffer.from('one'), Buffer.from(''), Buffer.from('three')]
  const recording = { codec: 'VP80', width: 320, height: 180, frameMs: 40, frames }
  expect(readIvf(writeIvf(recording))).toEqual(recording)
})

test('a file that is something else, or cut off, is refused', () => {
  const file = writeIvf({
    codec: 'OPUS',
    width: 0,
    height: 0,
    frameMs: 20,
    frames: [Buffer.alloc(9), Buffer.alloc(9)],
  })
  expect(() => readIvf(Buffer.from('RIFF'))).toThrow('not an IVF file')
  expect(() => readIvf(file.subarray(0, -1))).toThrow('cut off')
  expect(() => readIvf(file.subarray(0, 32))).toThrow('too short')
})

test('the pictures that the bots send begin with a key frame, and have next to none later', () => {
  const { pictures, speech } = loadRecordings()
  expect(speech).toMatchObject({ codec: 'OPUS', frameMs: 20 })
  const first = {
    vp8: (frame: Buffer) => keyFrameWidth(packetize(frame, 1)[0] ?? none),
    h264: (frame: Buffer) => keyFrameWidthH264(packetizeH264(frame)[0] ?? none),
  }
  for (const codec of ['vp8', 'h264'] as const) {
    for (const [index, { frames, frameMs, width }] of pictures[codec].entries()) {
      expect({ width, frameMs }).toEqual({ width: [320, 640, 1280][index], frameMs: 40 })
      const widths = frames.map(first[codec])
      expect(widths[0]).toBe(width)
      const later = widths.slice(1).filter((one) => one !== null)
      // Chromium's encoder of H.264 makes one where the picture changes much.
      expect(later).toEqual(codec === 'vp8' ? [] : later.map(() => width))
      expect(later.length).toBeLessThan(3)
    }
  }
})

const start = Buffer.from([0, 0, 0, 1])

test('a frame of H.264 is told apart into its units, whatever start codes they have', () => {
  const units = [Buffer.from([0x67, 1, 0, 2]), Buffer.from([0x68, 3]), Buffer.from([0x65, 4])]
  const frame = Buffer.concat([
    start,
    units[0] ?? none,
    start,
    units[1] ?? none,
    start.subarray(1),
    units[2] ?? none,
  ])
  expect(nalUnits(frame)).toEqual(units)
  expect(nalUnits(Buffer.from('no frame'))).toEqual([])
})

test('parameters go together, a large unit in fragments that make it again', () => {
  const large = Buffer.alloc(2_500, 7)
  large[0] = 0x65
  const parameters = [Buffer.from([0x67, 0x42, 1]), Buffer.from([0x28, 2])]
  const frame = Buffer.concat(
    [...parameters, large, Buffer.from([0x41, 5])].flatMap((unit) => [start, unit]),
  )
  const [together, ...others] = packetizeH264(frame)
  expect(together?.toString('hex')).toBe('780003674201' + '00022802')
  expect(others.at(-1)?.toString('hex')).toBe('4105')
  const fragments = others.slice(0, -1)
  expect(fragments.map((one) => one.toString('hex', 0, 2))).toEqual(['7c85', '7c05', '7c45'])
  expect(Math.max(...fragments.map(({ length }) => length))).toBeLessThanOrEqual(1_100)
  const again = Buffer.concat([Buffer.from([0x65]), ...fragments.map((one) => one.subarray(2))])
  expect(again).toEqual(large)
})

test('a frame is cut into packets of which the first says so, under one picture id', () => {
  const packets = packetize(Buffer.alloc(2_500, 7), 0x1234)
  expect(packets.map((packet) => packet.length)).toEqual([1_104, 1_104, 304])
  expect(packets.map((packet) => packet.toString('hex', 0, 4))).toEqual([
    '90809234',
    '80809234',
    '80809234',
  ])
  expect(packetize(Buffer.alloc(1), 0x8000)[0]?.toString('hex', 0, 4)).toBe('90808000')
})
