import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launch } from '@beseda/launcher/launch'
import {
  createGroup,
  openBrowser,
  openChat,
  type Person,
  say,
  signUp,
  viewports,
} from './people.ts'

/**
 * Draw the pictures of the documentation from the running application:
 * `node web/e2e/pictures.ts` writes `docs/*.png`.
 */

const docs = join(import.meta.dirname, '..', '..', 'docs')
const names = ['Anna', 'Boris', 'Vera', 'Gleb']

/** Runs in the page: the camera shows a painted person in a coloured room instead of a test card. */
function paintCamera(hue: number) {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    if (!constraints?.video) return open(constraints)
    const stream = constraints.audio ? await open({ audio: constraints.audio }) : new MediaStream()
    const canvas = document.createElement('canvas')
    canvas.width = 960
    canvas.height = 540
    const pen = canvas.getContext('2d')
    if (!pen) return stream
    const circle = (x: number, y: number, r: number, colour: string) => {
      pen.fillStyle = colour
      pen.beginPath()
      pen.arc(x, y, r, 0, 2 * Math.PI)
      pen.fill()
    }
    const paint = () => {
      const sway = Math.sin(performance.now() / 900 + hue) * 8
      const room = pen.createLinearGradient(0, 0, 960, 540)
      room.addColorStop(0, `hsl(${hue} 45% 34%)`)
      room.addColorStop(1, `hsl(${hue + 50} 50% 16%)`)
      pen.fillStyle = room
      pen.fillRect(0, 0, 960, 540)
      circle(780, 130, 90, `hsl(${hue + 30} 80% 70% / 0.35)`)
      pen.fillStyle = `hsl(${hue + 180} 40% 42%)`
      pen.beginPath()
      pen.ellipse(480 + sway / 2, 560, 230, 190, 0, 0, 2 * Math.PI)
      pen.fill()
      circle(480 + sway, 205, 128, `hsl(${hue + 10} 35% 15%)`)
      circle(480 + sway, 240, 108, 'hsl(26 55% 72%)')
      circle(442 + sway, 232, 10, 'hsl(240 30% 16%)')
      circle(518 + sway, 232, 10, 'hsl(240 30% 16%)')
      pen.strokeStyle = 'hsl(8 55% 42%)'
      pen.lineWidth = 7
      pen.beginPath()
      pen.arc(480 + sway, 262, 44, 0.2 * Math.PI, 0.8 * Math.PI)
      pen.stroke()
    }
    paint()
    const timer = setInterval(paint, 100)
    const [track] = canvas.captureStream(10).getVideoTracks()
    if (!track) return stream
    track.addEventListener('ended', () => clearInterval(timer))
    stream.addTrack(track)
    return stream
  }
}

async function shoot({ page }: Person, name: string) {
  // Long enough for the animations to end.
  await page.waitForTimeout(600)
  await page.screenshot({ path: join(docs, `${name}.png`) })
}

async function draw(url: string) {
  const browser = await openBrowser()
  try {
    const people: Person[] = []
    for (const [index, name] of names.entries()) {
      const person = await signUp(browser, url, name)
      await person.page.evaluate(paintCamera, index * 75 + 200)
      people.push(person)
    }
    const [anna, boris, ...others] = people
    if (!anna || !boris) return
    await createGroup(anna, 'Friday evening', [boris, ...others])
    await say(anna, 'Hello everybody! Shall we talk at nine?')
    await openChat(boris, 'Friday evening')
    await say(boris, 'Gladly. I have the pictures from the mountains: https://example.org/album')
    await say(anna, 'Wonderful, I will make tea ☕')
    await shoot(anna, 'chat')
    await anna.page.getByRole('button', { name: 'Video call' }).click()
    for (const { page } of [boris, ...others]) {
      await page.getByRole('button', { name: 'Accept' }).click()
    }
    for (const { page } of people) await page.locator('video').nth(3).waitFor()
    await anna.page.waitForTimeout(8_000)
    await shoot(anna, 'call')
    await boris.page.setViewportSize(viewports.phone)
    await boris.page.waitForTimeout(2_000)
    await shoot(boris, 'call-phone')
  } finally {
    await browser.close()
  }
}

const dataDir = await mkdtemp(join(tmpdir(), 'beseda-pictures-'))
const env = { ...process.env, PORT: '0', SFU_PORT: '0', SFU_RTC_PORT: '0', DATA_DIR: dataDir }
const beseda = await launch({ quiet: true, env })
try {
  await draw(beseda.url)
} finally {
  await beseda.close()
  await rm(dataDir, { recursive: true, force: true })
}
