import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { provideChromium } from '@beseda/launcher/chromium'
import { makeProgress } from '@beseda/launcher/progress'
import { chromium } from 'playwright-core'
import { writeIvf } from './ivf.ts'

const pictures = [
  { name: 'video-180', width: 320, height: 180, bitrate: 100_000 },
  { name: 'video-360', width: 640, height: 360, bitrate: 250_000 },
  { name: 'video-720', width: 1280, height: 720, bitrate: 600_000 },
]
/** Four letters for the file, and what the browser calls it: H.264 as the SFU forwards it, constrained baseline. */
const codecs = [
  { ending: '.ivf', fourcc: 'VP80', codec: 'vp8' },
  { ending: '-h264.ivf', fourcc: 'H264', codec: 'avc1.42e01f' },
]
const seconds = 2
const frameMs = 40
const packetMs = 20

/**
 * `node bots/src/media/record.ts`: draw a test picture and make a test tone in
 * Chromium, encode both with its encoders and write them to `bots/media/`.
 */
async function record() {
  const executablePath = await provideChromium(process.env, makeProgress(process.stderr))
  // Encoders are given to secure contexts only, which a page of this machine is.
  const server = createServer((_, reply) => reply.end('<!doctype html>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const folder = join(import.meta.dirname, '..', '..', 'media')
    await mkdir(folder, { recursive: true })
    for (const { ending, fourcc, codec } of codecs) {
      for (const { name, ...picture } of pictures) {
        const frames = await page.evaluate(encodePicture, { ...picture, codec, seconds, frameMs })
        await save(join(folder, name + ending), fourcc, { ...picture, frameMs, frames })
      }
    }
    const frames = await page.evaluate(encodeTone, { seconds, packetMs })
    const sound = { width: 0, height: 0, frameMs: packetMs, frames }
    await save(join(folder, 'speech.ivf'), 'OPUS', sound)
  } finally {
    await browser.close()
    server.close()
  }
}

type Encoded = { width: number; height: number; frameMs: number; frames: string[] }

async function save(path: string, codec: string, { frames, ...shape }: Encoded) {
  const file = writeIvf({
    codec,
    ...shape,
    frames: frames.map((frame) => Buffer.from(frame, 'base64')),
  })
  await writeFile(path, file)
  console.log(`${path}: ${frames.length} frames, ${file.length} bytes`)
}

type Picture = {
  codec: string
  width: number
  height: number
  bitrate: number
  seconds: number
  frameMs: number
}

/** In the page: a sky that turns its colour and a disc that goes round once, one key frame at the start. */
async function encodePicture({ codec, width, height, bitrate, seconds, frameMs }: Picture) {
  const frames: string[] = []
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength)
      chunk.copyTo(bytes)
      frames.push(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')))
    },
    error: (error) => {
      throw error
    },
  })
  encoder.configure({
    codec,
    width,
    height,
    bitrate,
    framerate: 1000 / frameMs,
    latencyMode: 'realtime',
    ...(codec.startsWith('avc1') && { avc: { format: 'annexb' as const } }),
  })
  const canvas = new OffscreenCanvas(width, height)
  const brush = canvas.getContext('2d')
  if (!brush) throw new Error('no canvas')
  const count = (seconds * 1000) / frameMs
  for (let index = 0; index < count; index++) {
    const turn = (index / count) * 2 * Math.PI
    brush.fillStyle = `hsl(${(index / count) * 360} 60% 40%)`
    brush.fillRect(0, 0, width, height)
    brush.fillStyle = 'white'
    brush.beginPath()
    const [x, y] = [0.5 + 0.3 * Math.cos(turn), 0.5 + 0.3 * Math.sin(turn)]
    brush.arc(x * width, y * height, height / 8, 0, 2 * Math.PI)
    brush.fill()
    brush.font = `${height / 6}px sans-serif`
    brush.fillText(String(index), width * 0.03, height * 0.2)
    const frame = new VideoFrame(canvas, { timestamp: index * frameMs * 1000 })
    encoder.encode(frame, { keyFrame: index === 0 })
    frame.close()
    // Given all at once, a realtime encoder leaves frames out.
    await encoder.flush()
  }
  encoder.close()
  return frames
}

/** In the page: a tone that swells and fades like syllables. */
async function encodeTone({ seconds, packetMs }: { seconds: number; packetMs: number }) {
  const rate = 48_000
  const packets: string[] = []
  const encoder = new AudioEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength)
      chunk.copyTo(bytes)
      packets.push(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')))
    },
    error: (error) => {
      throw error
    },
  })
  encoder.configure({
    codec: 'opus',
    sampleRate: rate,
    numberOfChannels: 1,
    bitrate: 32_000,
    opus: { frameDuration: packetMs * 1000 },
  })
  const samples = Float32Array.from({ length: rate * seconds }, (_, index) => {
    const time = index / rate
    return 0.3 * Math.sin(2 * Math.PI * 220 * time) * Math.abs(Math.sin(2 * Math.PI * time))
  })
  const sound = new AudioData({
    format: 'f32',
    sampleRate: rate,
    numberOfFrames: samples.length,
    numberOfChannels: 1,
    timestamp: 0,
    data: samples,
  })
  encoder.encode(sound)
  await encoder.flush()
  encoder.close()
  return packets
}

await record()
