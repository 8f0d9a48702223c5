import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Person } from './people.ts'

/** A file as Playwright puts it into a file dialog. */
export type Sample = { name: string; mimeType: string; buffer: Buffer }

/** A picture with stripes in it, made by the browser. */
export async function picture(page: Page, name: string, width = 800, height = 600) {
  const type = name.endsWith('.png') ? 'image/png' : 'image/jpeg'
  const base64 = await page.evaluate(paintPicture, { width, height, type })
  return { name, mimeType: type, buffer: Buffer.from(base64, 'base64') } satisfies Sample
}

type Painted = { width: number; height: number; type: string }

/** Runs in the page. */
function paintPicture({ width, height, type }: Painted): string {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const pen = canvas.getContext('2d')
  for (let stripe = 0; pen && stripe < 12; stripe++) {
    pen.fillStyle = `hsl(${stripe * 30} 70% 55%)`
    pen.fillRect((stripe * width) / 12, 0, width / 12, height)
  }
  return canvas.toDataURL(type).split(',')[1] ?? ''
}

/** Two seconds of a moving film without sound, recorded by the browser. */
export async function film(page: Page, name: string): Promise<Sample> {
  const base64 = await page.evaluate(recordFilm)
  return { name, mimeType: 'video/webm', buffer: Buffer.from(base64, 'base64') }
}

/** Runs in the page. */
async function recordFilm(): Promise<string> {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: 320, height: 180 })
  const pen = canvas.getContext('2d')
  const paint = () => {
    if (!pen) return
    pen.fillStyle = `hsl(${(performance.now() / 5) % 360} 70% 50%)`
    pen.fillRect(0, 0, 320, 180)
  }
  const timer = setInterval(paint, 40)
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' })
  const parts: Blob[] = []
  recorder.ondataavailable = ({ data }) => parts.push(data)
  recorder.start()
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve))
  recorder.stop()
  await stopped
  clearInterval(timer)
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer())
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** Seconds of a tone, as a WAV file: PCM, 8,000 samples a second, 16 bits. */
export function sound(name: string, seconds = 2): Sample {
  const count = 8_000 * seconds
  const buffer = Buffer.alloc(44 + count * 2)
  buffer.write('RIFF', 0)
  buffer.writeUInt32LE(36 + count * 2, 4)
  buffer.write('WAVEfmt ', 8)
  buffer.writeUInt32LE(16, 16)
  buffer.writeUInt16LE(1, 20)
  buffer.writeUInt16LE(1, 22)
  buffer.writeUInt32LE(8_000, 24)
  buffer.writeUInt32LE(16_000, 28)
  buffer.writeUInt16LE(2, 32)
  buffer.writeUInt16LE(16, 34)
  buffer.write('data', 36)
  buffer.writeUInt32LE(count * 2, 40)
  for (let at = 0; at < count; at++) {
    buffer.writeInt16LE(Math.round(Math.sin((at * 2 * Math.PI * 440) / 8_000) * 9_000), 44 + at * 2)
  }
  return { name, mimeType: 'audio/wav', buffer }
}

/** Bytes of no known format. */
export function noise(name: string, size: number): Sample {
  const buffer = Buffer.alloc(size)
  for (let at = 0, state = 1; at < size; at++) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
    buffer[at] = state >> 16
  }
  return { name, mimeType: 'application/octet-stream', buffer }
}

/** Choose files in the dialog that the button opens. */
export async function attach({ page }: Person, ...samples: Sample[]): Promise<void> {
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Attach files' }).click()
  await (await choosing).setFiles(samples)
}

/** Drag files from the desktop onto a place of the page, as the browser itself reports it. */
export async function drag({ page, context }: Person, samples: Sample[]) {
  const folder = await mkdtemp(join(tmpdir(), 'beseda-drag-'))
  const files = await Promise.all(
    samples.map(async ({ name, buffer }) => {
      const path = join(folder, name)
      await writeFile(path, buffer)
      return path
    }),
  )
  const cdp = await context.newCDPSession(page)
  const data = { items: [], files, dragOperationsMask: 1 }
  const at = (type: 'dragEnter' | 'dragOver' | 'drop', x: number, y: number) =>
    cdp.send('Input.dispatchDragEvent', { type, x, y, data })
  return {
    async over(x: number, y: number) {
      await at('dragEnter', x, y)
      await at('dragOver', x, y)
    },
    drop: (x: number, y: number) => at('drop', x, y),
  }
}

/** Let bytes go out no faster than this; the answer lifts it. */
export async function throttle({ page, context }: Person, bytesPerSecond: number) {
  const cdp = await context.newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  })
  return () => cdp.detach()
}
