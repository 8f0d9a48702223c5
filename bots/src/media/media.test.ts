import { expect, test } from 'vitest'
import { readIvf, writeIvf } from './ivf.ts'
import { loadRecordings } from './recordings.ts'
import { keyFrameWidth, packetize } from './vp8.ts'

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

test('the pictures that the bots send begin with their only key frame', () => {
  const { pictures, speech } = loadRecordings()
  expect(speech).toMatchObject({ codec: 'OPUS', frameMs: 20 })
  for (const [index, { frames, frameMs, width }] of pictures.entries()) {
    expect({ width, frameMs }).toEqual({ width: [320, 640, 1280][index], frameMs: 40 })
    const widths = frames.map((frame) => keyFrameWidth(packetize(frame, 1)[0] ?? Buffer.alloc(0)))
    expect(widths).toEqual(frames.map((_, place) => (place === 0 ? width : null)))
  }
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
