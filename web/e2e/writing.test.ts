import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { attach, picture } from './files.ts'
import { createGroup, history, openBrowser, openChat, type Person, say, signUp } from './people.ts'

const beseda = useBeseda()
let browser: Browser
let anna: Person
let boris: Person

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  boris = await signUp(browser, beseda().url, 'Boris', { viewport: 'phone', touch: true })
  await createGroup(anna, 'Talk', [boris])
  await openChat(boris, 'Talk')
})
afterAll(() => browser.close())

const composer = ({ page }: Person) => page.getByRole('textbox', { name: 'Message' })
const bubble = (person: Person, text: string): Locator =>
  history(person).getByRole('article').filter({ hasText: text }).last()

/** Rest a finger on something, as the screen reports it, and move it up by `drift` pixels meanwhile. */
async function press({ page, context }: Person, target: Locator, ms: number, drift = 0) {
  const box = await target.boundingBox()
  if (!box) throw new Error('there is nothing to press')
  const cdp = await context.newCDPSession(page)
  const point = { x: box.x + Math.min(30, box.width / 2), y: box.y + box.height / 2 }
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] })
  if (drift > 0) {
    const moved = { ...point, y: point.y - drift }
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [moved] })
  }
  await page.waitForTimeout(ms)
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}

/** Move a finger over the middle of the screen, from one side to the other. */
async function swipe({ page, context }: Person, from: number, to: number) {
  const cdp = await context.newCDPSession(page)
  const at = (type: 'touchStart' | 'touchMove', x: number) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x, y: 420 }] })
  await at('touchStart', from)
  for (let step = 1; step <= 6; step++) await at('touchMove', from + ((to - from) * step) / 6)
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}

test('an emoji is put where the caret stands', async () => {
  await composer(anna).fill('one two')
  for (let step = 0; step < 4; step++) await composer(anna).press('ArrowLeft')
  await anna.page.getByRole('button', { name: 'Emoji', exact: true }).click()
  const picker = anna.page.getByRole('dialog', { name: 'Emoji' })
  await picker.getByRole('searchbox', { name: 'Find an emoji' }).fill('rocket')
  await picker
    .getByRole('button', { name: /rocket/i })
    .first()
    .click()
  await expect.poll(() => composer(anna).inputValue()).toBe('one🚀 two')
  await anna.page.keyboard.type('!')
  await expect.poll(() => composer(anna).inputValue()).toBe('one🚀! two')
  await composer(anna).press('Enter')
  await bubble(boris, 'one🚀! two').waitFor()
})

test('a long press opens the menu of a message, a tap and a scroll do not', async () => {
  await say(anna, 'Press me')
  const menu = boris.page.getByRole('menu', { name: 'Message actions' })
  await press(boris, bubble(boris, 'Press me'), 80)
  await boris.page.waitForTimeout(700)
  await press(boris, bubble(boris, 'Press me'), 700, 40)
  await expect.poll(() => menu.count()).toBe(0)
  await press(boris, bubble(boris, 'Press me'), 700)
  // It stays when the finger is lifted.
  await menu.waitFor()
  await menu.getByRole('menuitem', { name: 'Reply', exact: true }).tap()
  await boris.page.getByText('Reply to Anna').waitFor()
  await say(boris, 'An answer')
  await history(anna).locator('.quote').getByText('Press me').waitFor()
})

test('an admin is offered to delete what members wrote, not what the owner did', async () => {
  await anna.page.getByRole('button', { name: 'Members', exact: true }).click()
  await anna.page.getByRole('button', { name: 'Actions: Boris' }).press('Enter')
  await anna.page.getByRole('menuitem', { name: 'Make admin' }).click()
  await history(boris).getByText('Anna made Boris an admin').waitFor()
  const offered = async (text: string) => {
    await press(boris, bubble(boris, text), 700)
    const menu = boris.page.getByRole('menu', { name: 'Message actions' })
    await menu.waitFor()
    const count = await menu.getByRole('menuitem', { name: 'Delete', exact: true }).count()
    await boris.page.keyboard.press('Escape')
    await menu.waitFor({ state: 'detached' })
    return count
  }
  await expect.poll(() => offered('An answer')).toBe(1)
  await expect.poll(() => offered('one🚀! two')).toBe(0)
})

test('what matches is marked in the messages that are found', async () => {
  await say(anna, 'Книгами полна наша полка')
  await anna.page.getByRole('searchbox', { name: 'Find people' }).fill('книге')
  const list = anna.page.getByRole('complementary', { name: 'Chats' })
  await list.locator('mark').getByText('Книгами').waitFor()
  await expect.poll(() => list.locator('mark').allTextContents()).toEqual(['Книгами'])
})

test('on a phone the tray scrolls, pictures keep to the screen, and a swipe turns to the next one', async () => {
  const { page } = boris
  const width = () => page.evaluate(() => document.documentElement.scrollWidth)
  const samples = [await picture(page, 'first.jpg'), await picture(page, 'second.jpg')]
  await attach(boris, ...samples)
  const tray = page.getByRole('region', { name: 'Files to send' })
  await expect.poll(() => tray.getByRole('progressbar').count()).toBe(0)
  await expect
    .poll(() => tray.getByRole('list').evaluate((list) => list.scrollWidth > list.clientWidth))
    .toBe(true)
  await expect.poll(() => width()).toBe(390)
  await page.getByRole('button', { name: 'Send', exact: true }).tap()
  const first = history(boris).getByRole('button', { name: 'first.jpg', exact: true })
  await first.waitFor()
  const box = await history(boris).getByRole('button', { name: 'second.jpg' }).boundingBox()
  expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(390)
  const viewer = page.getByRole('dialog', { name: 'Photos' })
  // A long press is for the menu: lifting the finger does not open the picture as well.
  await press(boris, first, 700)
  const menu = page.getByRole('menu', { name: 'Message actions' })
  await menu.waitFor()
  await page.waitForTimeout(300)
  await expect.poll(() => viewer.count()).toBe(0)
  await page.keyboard.press('Escape')
  await menu.waitFor({ state: 'detached' })
  await first.tap()
  await viewer.getByText('1 of 2').waitFor()
  const shown = await viewer.boundingBox()
  expect([shown?.width, shown?.height]).toEqual([390, 844])
  await swipe(boris, 300, 60)
  await viewer.getByText('2 of 2').waitFor()
  await swipe(boris, 60, 300)
  await viewer.getByText('1 of 2').waitFor()
  await viewer.getByRole('button', { name: 'Close' }).tap()
  await viewer.waitFor({ state: 'detached' })
})
