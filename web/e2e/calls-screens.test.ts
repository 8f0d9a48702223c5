import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { createGroup, openBrowser, ownId, type Person, signUp, tile, viewports } from './people.ts'
import { fakeScreen, watchScreen } from './screen.ts'

const beseda = useBeseda()
let browser: Browser
let anna: Person
let boris: Person
let vera: Person
/** What Anna's page said to the SFU. */
const sent: string[] = []

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  boris = await signUp(browser, beseda().url, 'Boris')
  vera = await signUp(browser, beseda().url, 'Vera')
  anna.page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => sent.push(String(payload))),
  )
  for (const { page } of [anna, boris, vera]) page.setDefaultTimeout(15_000)
  await createGroup(anna, 'Workshop', [boris, vera])
  await anna.page.getByRole('button', { name: 'Audio call' }).click()
  for (const { page } of [boris, vera]) {
    await page.getByRole('alertdialog').getByRole('button', { name: 'Accept' }).click()
  }
  for (const name of [/^Boris/, /^Vera/]) await tile(anna, name).waitFor()
})
afterAll(() => browser.close())

const press = (person: Person, name: string | RegExp) =>
  person.page.getByRole('button', { name }).click()
const sound = (person: Person, userId: string) =>
  person.page.locator(`audio[data-user-id="${userId}"][data-source="screenAudio"]`)
const width = async (found: Locator) => (await found.boundingBox())?.width ?? 0

test('two share their screens at once; each is watched when somebody asks for it', async () => {
  await fakeScreen(boris.page, 'rgb(200 30 30)')
  await fakeScreen(vera.page, 'rgb(30 30 200)')
  await press(boris, 'Share screen')
  await press(vera, 'Share screen')
  const [borisId, veraId] = [await ownId(boris), await ownId(vera)]
  const offers = anna.page.getByRole('button', { name: 'Watch' })
  await expect.poll(() => offers.count()).toBe(2)
  await expect.poll(() => anna.page.locator('video[data-source="screen"]').count()).toBe(0)
  // Not even sent, as long as nobody watches.
  await expect
    .poll(() => sent.filter((frame) => frame.includes('"pauseConsumer"')).length)
    .toBeGreaterThanOrEqual(2)
  await expect.poll(() => sound(anna, borisId).count()).toBe(0)

  await tile(anna, /^Screen of Boris/)
    .getByRole('button', { name: 'Watch' })
    .click()
  await tile(anna, /^Screen of Vera/)
    .getByRole('button', { name: 'Watch' })
    .click()
  await expect
    .poll(async () => {
      const { frames, colour } = await watchScreen(anna.page, borisId)
      return frames > 3 && colour[0] > 120 && colour[2] < 90
    })
    .toBe(true)
  await expect
    .poll(async () => {
      const { frames, colour } = await watchScreen(anna.page, veraId)
      return frames > 3 && colour[2] > 120 && colour[0] < 90
    })
    .toBe(true)
  await expect.poll(() => sound(anna, borisId).count()).toBe(1)
})

test('who has seen enough stops watching, and the sound stops with the picture', async () => {
  const borisId = await ownId(boris)
  await press(anna, 'Actions: Screen of Boris')
  await press(anna, 'Stop watching')
  await tile(anna, /^Screen of Boris, not watched/).waitFor()
  await sound(anna, borisId).waitFor({ state: 'detached' })
})

test('a tile is kept large, in the speaker view or beside the grid', async () => {
  const boris = tile(anna, /^Boris/)
  const vera = tile(anna, /^Vera/)
  const before = await width(boris)
  await boris.hover()
  await press(anna, 'Actions: Boris')
  await press(anna, 'Keep large')
  await expect.poll(async () => (await width(boris)) > 2 * (await width(vera))).toBe(true)
  await expect.poll(() => width(boris)).toBeGreaterThan(before)
  await press(anna, 'Actions: Boris')
  await press(anna, 'No longer keep large')
  await expect.poll(() => width(boris)).toBe(before)
  await press(anna, 'Speaker view')
  const screen = tile(anna, /^Screen of Vera/)
  await expect.poll(async () => (await width(screen)) > 2 * (await width(boris))).toBe(true)
  await press(anna, 'Grid')
  await expect.poll(() => width(boris)).toBe(before)
})

test('what finds no room stands on the next page', async () => {
  await anna.page.setViewportSize({ width: 390, height: 340 })
  const pages = anna.page.getByRole('navigation', { name: 'Pages' })
  await pages.getByText('1 of').waitFor()
  const list = anna.page.getByRole('list', { name: 'Call participants' }).getByRole('listitem')
  const names = () => list.evaluateAll((tiles) => tiles.map((one) => one.ariaLabel))
  const first = await names()
  await pages.getByRole('button', { name: 'Next page' }).click()
  await expect.poll(async () => (await names()).some((name) => first.includes(name))).toBe(false)
  await anna.page.setViewportSize(viewports.wide)
  await pages.waitFor({ state: 'detached' })
})

test('the chat stands beside the call, and the call can be made small over another', async () => {
  await press(anna, 'Chat of the call')
  const chat = anna.page.getByRole('complementary', { name: 'Chat of the call' })
  await chat.getByRole('textbox', { name: 'Message' }).fill('Do you see my slides?')
  await anna.page.keyboard.press('Enter')
  await chat.getByRole('log').getByText('Do you see my slides?').waitFor()
  await boris.page.getByText('Do you see my slides?').first().waitFor()
  await chat.getByRole('button', { name: 'Close' }).click()
  await press(anna, 'Minimise')
  const overlay = anna.page.getByRole('region', { name: 'Call: Workshop' })
  await overlay.waitFor()
  await overlay.getByRole('button', { name: 'Open call' }).click()
  await tile(anna, /^Boris/).waitFor()
})

test('a window on top of all others shows the call, and leads back', async () => {
  await press(anna, 'Picture in picture')
  const floating = () =>
    anna.page.evaluate(() => {
      const { documentPictureInPicture: api } = globalThis as unknown as {
        documentPictureInPicture?: { window: Window | null }
      }
      return api?.window?.document.querySelectorAll('.tile, .icon-button').length ?? 0
    })
  await expect.poll(floating).toBe(4)
  await anna.page.evaluate(() => {
    const { documentPictureInPicture: api } = globalThis as unknown as {
      documentPictureInPicture: { window: Window }
    }
    api.window.document.querySelector<HTMLElement>('[aria-label="Open call"]')?.click()
  })
  await tile(anna, /^Boris/).waitFor()
  await expect.poll(floating).toBe(0)
})

test('who stops sharing takes the tile away', async () => {
  await press(vera, 'Stop sharing screen')
  await tile(anna, /^Screen of Vera/).waitFor({ state: 'detached' })
  await press(boris, 'Stop sharing screen')
  await tile(anna, /^Screen of Boris/).waitFor({ state: 'detached' })
})

test('the window of the call can be dragged, and its title never leaves the view', async () => {
  const { page } = anna
  const title = page.getByRole('dialog', { name: 'Call: Workshop' }).getByRole('heading').first()
  const place = async () => {
    const { x, y } = (await title.boundingBox()) ?? { x: Number.NaN, y: Number.NaN }
    return { x, y }
  }
  const drag = async (to: { x: number; y: number }) => {
    const from = await place()
    await page.mouse.move(from.x + 5, from.y + 5)
    await page.mouse.down()
    await page.mouse.move(to.x, to.y, { steps: 5 })
    await page.mouse.up()
  }
  const start = await place()
  await drag({ x: start.x + 105, y: start.y + 55 })
  const moved = await place()
  expect(moved.x - start.x).toBeCloseTo(100, 0)
  expect(moved.y - start.y).toBeCloseTo(50, 0)

  await drag({ x: 1_439, y: 899 })
  const corner = await place()
  expect(corner.x).toBeLessThan(viewports.wide.width - 40)
  expect(corner.y).toBeLessThan(viewports.wide.height - 20)

  await page.setViewportSize({ width: 900, height: 600 })
  await expect.poll(async () => (await place()).x).toBeLessThan(900 - 40)
  await expect.poll(async () => (await place()).y).toBeLessThan(600 - 20)

  await drag({ x: 1, y: 1 })
  expect((await place()).y).toBeGreaterThanOrEqual(0)
})
