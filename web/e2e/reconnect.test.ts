import { freePort } from '@beseda/launcher/ports'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { perceive } from './media.ts'
import { connectionsOpened, expectBothPerceive, videoCall, watchWays } from './networks.ts'
import { openBrowser, type Person, signUp, tile } from './people.ts'
import { fakeScreen, watchScreen } from './screen.ts'
import { layWire, type Wire } from './wire.ts'

/** Signalling goes through a wire of the test's own, media do not. */
let wire: Wire
const beseda = useBeseda(async () => {
  const port = await freePort()
  wire = await layWire(port)
  return { SFU_PORT: String(port), SFU_PUBLIC_URL: `ws://127.0.0.1:${wire.port}` }
})

let browser: Browser
let anna: Person
let boris: Person
let ids: [annaId: string, borisId: string]

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  boris = await signUp(browser, beseda().url, 'Boris')
  for (const person of [anna, boris]) await watchWays(person)
  await fakeScreen(anna.page, 'rgb(200 30 30)')
  ids = await videoCall(anna, boris)
  await press(anna, 'Share screen')
  await tile(boris, /^Screen of Anna/)
    .getByRole('button', { name: 'Watch' })
    .click()
  await press(anna, 'Mute microphone')
  await tile(boris, /^Anna.*microphone off/).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await wire?.close()
})

const press = ({ page }: Person, name: string) => page.getByRole('button', { name }).click()
const restoring = ({ page }: Person) => page.getByText('Restoring the connection…').first()

/** Whether Boris sees Anna's screen move. */
async function screenShown(): Promise<boolean> {
  const { frames, colour } = await watchScreen(boris.page, ids[0])
  return frames > 0 && colour[0] > 120 && colour[2] < 90
}

test('ten seconds without signalling: it says so, and pictures and sound never stop', async () => {
  await expect.poll(screenShown).toBe(true)
  const before = await Promise.all([anna, boris].map(connectionsOpened))
  const cutAt = Date.now()
  wire.cut()
  for (const person of [anna, boris]) await restoring(person).waitFor()
  await press(boris, 'Mute microphone')
  while (Date.now() < cutAt + 10_000) {
    const [atBoris, atAnna, screen] = await Promise.all([
      perceive(boris.page, ids[0]),
      perceive(anna.page, ids[1]),
      watchScreen(boris.page, ids[0]),
    ])
    for (const { frames } of [atBoris, atAnna, screen]) expect(frames).toBeGreaterThan(0)
    for (const person of [anna, boris])
      await expect.poll(() => restoring(person).isVisible()).toBe(true)
  }
  wire.mend()
  for (const person of [anna, boris]) await restoring(person).waitFor({ state: 'detached' })
  // The very same connections: nothing was opened anew.
  await expect.poll(() => Promise.all([anna, boris].map(connectionsOpened))).toEqual(before)
})

test('after it the screen is shown on, and whoever was or went mute is', async () => {
  await expect.poll(screenShown).toBe(true)
  await tile(boris, /^Anna.*microphone off/).waitFor()
  await tile(anna, /^Boris.*microphone off/).waitFor()
  await press(boris, 'Unmute microphone')
  await tile(anna, /^Boris(?!.*microphone off)/).waitFor()
  expect((await perceive(boris.page, ids[0])).loudness).toBeLessThan(0.001)
})

test('when the SFU itself dies, both come back with all that they sent', async () => {
  const { sfu } = beseda().processes
  sfu.kill('SIGKILL')
  for (const person of [anna, boris]) await restoring(person).waitFor()
  for (const person of [anna, boris]) {
    await restoring(person).waitFor({ state: 'detached', timeout: 40_000 })
  }
  await expect.poll(screenShown, { timeout: 20_000 }).toBe(true)
  await tile(boris, /^Anna.*microphone off/).waitFor()
  await press(anna, 'Unmute microphone')
  await expectBothPerceive([anna, boris], ids)
})
