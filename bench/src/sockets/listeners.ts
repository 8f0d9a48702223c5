import { connect } from 'node:net'
import { serve } from './child.ts'
import { clientFrame, makeFrameReader, opcodes } from './frames.ts'

/**
 * A process that holds event sockets and does as little as it can: one buffer
 * for what they all receive, and no WebSocket library. What it does not measure
 * it does not look at.
 */

/** How to be let in once the socket is open: frames to say, by what was heard last. */
type Manners = {
  path: string
  /** What to answer to a text; the beginning of it is enough to know it by. */
  replies: [heard: string, say: string][]
  /** The beginning of the text after which a socket is in. */
  welcome: string | null
}

type Crowd = { port: number; manners: Manners; hellos: string[] }
/** In ms of the machine's steady clock, which all processes share. */
type Arrivals = { first: number; last: number }

/** Sockets that are opened at the same time. */
const atOnce = 20
/** Bytes by which a text is known. */
const beginning = 20

const shared = Buffer.alloc(256 * 1024)
let marker = Buffer.alloc(0)
let wanted = 0
let first = 0
let arrived = Promise.withResolvers<Arrivals>()
let lastFrameAt = 0

/** Milliseconds of the steady clock. */
const now = () => Number(process.hrtime.bigint()) / 1e6

function onText(payload: Buffer) {
  lastFrameAt = now()
  if (wanted === 0 || payload.indexOf(marker) < 0) return
  if (first === 0) first = lastFrameAt
  wanted--
  if (wanted === 0) arrived.resolve({ first, last: lastFrameAt })
}

/** Open one socket; resolves when it is in. */
function open(port: number, { path, replies, welcome }: Manners, hello: string | undefined) {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let open = false
  let isIn = false
  const feed = makeFrameReader((opcode, payload) => {
    if (opcode === opcodes.ping) return socket.write(clientFrame(payload, opcodes.pong))
    if (opcode !== opcodes.text) return
    onText(payload)
    if (isIn && replies.length === 0) return
    const begin = payload.toString('latin1', 0, beginning)
    const reply = replies.find(([heard]) => begin.startsWith(heard))
    if (reply) socket.write(clientFrame(Buffer.from(reply[1])))
    if (isIn || welcome === null || !begin.startsWith(welcome)) return
    isIn = true
    resolve()
  })
  function onBytes(count: number, bytes: Uint8Array) {
    let data = Buffer.from(bytes.buffer, bytes.byteOffset, count)
    if (!open) {
      const end = data.indexOf('\r\n\r\n')
      if (end < 0 || !data.subarray(0, 12).toString().endsWith(' 101')) {
        reject(new Error(`the upgrade was answered with ${data.subarray(0, 40)}`))
        return true
      }
      open = true
      if (hello !== undefined) socket.write(clientFrame(Buffer.from(hello)))
      if (welcome === null) resolve()
      data = data.subarray(end + 4)
    }
    if (data.length > 0) feed(data)
    return true
  }
  const socket = connect({ host: '127.0.0.1', port, onread: { buffer: shared, callback: onBytes } })
  socket.setNoDelay()
  socket.on('error', reject)
  socket.on('close', () => reject(new Error('the server closed a socket')))
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\n` +
      'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  return promise
}

const handlers = {
  /** Open a socket for each hello, an empty one being none; resolves when all are in. */
  async open({ port, manners, hellos }: Crowd) {
    const waiting = [...hellos]
    async function work() {
      for (let hello = waiting.pop(); hello !== undefined; hello = waiting.pop()) {
        await open(port, manners, hello || undefined)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
  },
  /** From now on wait for so many frames that contain the text. */
  expect({ text, count }: { text: string; count: number }) {
    marker = Buffer.from(text)
    wanted = count
    first = 0
    arrived = Promise.withResolvers()
  },
  /** When the first and the last of what was expected came; resolves when the last has come. */
  arrivals: () => arrived.promise,
  /** For how long nothing has come, in ms. */
  silence: () => now() - lastFrameAt,
}
export type Listeners = typeof handlers

serve(handlers)
