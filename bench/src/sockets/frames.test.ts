import { expect, test } from 'vitest'
import { clientFrame, makeFrameReader, opcodes, serverFrame } from './frames.ts'

/** What a reader makes of bytes that come in pieces of so many. */
function read(bytes: Buffer, step: number) {
  const seen: [number, string][] = []
  const feed = makeFrameReader((opcode, payload) => seen.push([opcode, payload.toString()]))
  for (let at = 0; at < bytes.length; at += step) feed(bytes.subarray(at, at + step))
  return seen
}

test.each([1, 3, 100, 10_000])('reads frames that come %i bytes at a time', (step) => {
  const texts = ['', 'short', 'x'.repeat(125), 'y'.repeat(126), 'z'.repeat(4_000)]
  const frames = texts.map((text) => serverFrame(Buffer.from(text)))
  const ping = serverFrame(Buffer.from('p'), opcodes.ping)
  expect(read(Buffer.concat([...frames, ping]), step)).toEqual([
    ...texts.map((text) => [opcodes.text, text]),
    [opcodes.ping, 'p'],
  ])
})

test.each([
  [5, [0x81, 5], [0x81, 0x85]],
  [125, [0x81, 125], [0x81, 0xfd]],
  [126, [0x81, 126, 0, 126], [0x81, 0xfe, 0, 126]],
  [60_000, [0x81, 126, 0xea, 0x60], [0x81, 0xfe, 0xea, 0x60]],
])('frames a text of %i bytes', (length, server, client) => {
  const payload = Buffer.alloc(length, 'a')
  expect(serverFrame(payload)).toEqual(Buffer.concat([Buffer.from(server), payload]))
  const mask = Buffer.alloc(4)
  expect(clientFrame(payload)).toEqual(Buffer.concat([Buffer.from(client), mask, payload]))
})
