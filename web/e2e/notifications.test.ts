import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import {
  createGroup,
  history,
  openBrowser,
  openChat,
  openPersonalChat,
  type Person,
  say,
  signUp,
} from './people.ts'

const beseda = useBeseda()
let browser: Browser
let anna: Person
let boris: Person

type Told = { title: string; body: string; tag: string; closed: boolean }

/** Runs in the page: keeps what the browser was asked to show, and lets the test hide the page. */
function recordNotifications() {
  const told: (Told & { click: () => void })[] = []
  const Real = globalThis.Notification
  globalThis.Notification = class extends Real {
    constructor(title: string, options: NotificationOptions = {}) {
      super(title, options)
      const { body = '', tag = '' } = options
      const entry = {
        title,
        body,
        tag,
        closed: false,
        click: () => this.onclick?.(new Event('click')),
      }
      this.addEventListener('close', () => Object.assign(entry, { closed: true }))
      told.push(entry)
    }
    override close() {
      const entry = told.find(({ tag }) => tag === this.tag)
      if (entry) entry.closed = true
      super.close()
    }
  }
  Object.assign(globalThis, { told })
}

/** Headless tabs are always in sight: this one says that it is not, or is again. */
const setHidden = ({ page }: Person, hidden: boolean) =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)

const told = ({ page }: Person): Promise<Told[]> =>
  page.evaluate(() => (globalThis as unknown as { told: Told[] }).told.map((one) => ({ ...one })))
const texts = async (person: Person) =>
  (await told(person)).map(({ title, body }) => `${title}: ${body}`)

const profile = async ({ page }: Person) => {
  await page.getByRole('button', { name: 'Menu', exact: true }).click()
  return page.getByRole('dialog', { name: 'Profile' })
}
const setStatus = async (person: Person, status: string) => {
  const dialog = await profile(person)
  await dialog.locator('label').filter({ hasText: status }).click()
  await dialog.getByRole('radio', { name: status, checked: true }).waitFor({ state: 'attached' })
  await dialog.getByRole('button', { name: 'Close' }).click()
}
const banners = ({ page }: Person) => page.locator('.banners')
const icon = ({ page }: Person) => page.locator('link[rel="icon"]').getAttribute('href')

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  boris = await signUp(browser, beseda().url, 'Boris')
  for (const { page } of [anna, boris]) page.setDefaultTimeout(15_000)
  await boris.context.addInitScript(recordNotifications)
  await boris.page.reload()
  await createGroup(anna, 'Talk', [boris])
  await openPersonalChat(anna, boris)
})
afterAll(() => browser.close())

beforeEach(async () => {
  await setHidden(boris, false)
  await boris.page.evaluate(() => {
    ;(globalThis as unknown as { told: Told[] }).told.length = 0
  })
})

test('nothing is asked at load; a click on the setting asks, and a refusal says how to mend it', async () => {
  const dialog = await profile(boris)
  const control = dialog.getByRole('switch', { name: 'Browser notifications' })
  await expect.poll(() => control.isChecked()).toBe(false)
  await dialog.getByText('The browser will ask you to allow them').waitFor()
  // A headless Chromium refuses by itself when it is asked.
  await dialog.locator('label').filter({ hasText: 'Browser notifications' }).click()
  await dialog.getByText('Your browser blocks them.').waitFor()
  await expect.poll(() => control.isChecked()).toBe(false)
  await boris.context.grantPermissions(['notifications'])
  await boris.page.reload()
  const again = await profile(boris)
  await again.locator('label').filter({ hasText: 'Browser notifications' }).click()
  await again.getByText('Mentions, replies, personal messages and calls').waitFor()
  await again.getByRole('button', { name: 'Close' }).click()
})

test('a message of another chat shows in a banner, which opens the chat; the open chat shows none', async () => {
  await openChat(boris, 'Talk')
  await say(anna, 'Are **you** there?')
  const banner = banners(boris).getByRole('button', { name: 'Anna Are you there?' })
  await banner.waitFor()
  await expect.poll(() => boris.page.title()).toBe('(1) Beseda')
  await expect.poll(() => icon(boris)).toMatch(/^data:image\/svg/)
  await banner.click()
  await boris.page.getByRole('heading', { name: 'Anna' }).waitFor()
  await banner.waitFor({ state: 'detached' })
  await expect.poll(() => boris.page.title()).toBe('Beseda')
  await expect.poll(() => icon(boris)).toBe('/favicon.svg')
  await say(anna, 'Seen at once')
  await history(boris).getByText('Seen at once').waitFor()
  await expect.poll(() => banners(boris).getByRole('button').count()).toBe(0)
  await expect.poll(() => told(boris)).toEqual([])
})

test('out of sight a personal message is told by the browser, and a click opens its chat', async () => {
  await openChat(boris, 'Talk')
  await setHidden(boris, true)
  await say(anna, 'A secret: ||42||')
  await expect.poll(() => told(boris)).toHaveLength(1)
  const [notice] = await told(boris)
  expect(notice).toMatchObject({ title: 'Anna', body: expect.stringContaining('A secret') })
  expect(notice?.body).not.toContain('42')
  await boris.page.evaluate(() =>
    (globalThis as unknown as { told: { click: () => void }[] }).told[0]?.click(),
  )
  await boris.page.getByRole('heading', { name: 'Anna' }).waitFor()
  await setHidden(boris, false)
  await expect.poll(async () => (await told(boris))[0]?.closed).toBe(true)
})

test('in a group only mentions and replies are told out of sight, everything is counted', async () => {
  await openChat(anna, 'Talk')
  await openChat(boris, 'Talk')
  await say(boris, 'My own word')
  await history(anna).getByText('My own word').waitFor()
  await openPersonalChat(boris, anna)
  await expect.poll(() => boris.page.title()).toBe('Beseda')
  await setHidden(boris, true)
  await say(anna, 'To nobody in particular')
  await say(anna, 'And you, @boris?')
  const row = history(anna).getByRole('listitem').filter({ hasText: 'My own word' })
  await row.getByRole('button', { name: 'Message actions' }).press('Enter')
  await anna.page.getByRole('menuitem', { name: 'Reply' }).click()
  await say(anna, 'An answer')
  await expect
    .poll(() => texts(boris))
    .toEqual(['Anna · Talk: And you, @boris?', 'Anna · Talk: An answer'])
  await expect.poll(() => boris.page.title()).toBe('(3) Beseda')
  expect(new Set((await told(boris)).map(({ tag }) => tag)).size).toBe(2)
})

test('a muted chat tells mentions alone and counts them alone', async () => {
  await openChat(boris, 'Talk')
  await expect.poll(() => boris.page.title()).toBe('Beseda')
  await boris.page.getByRole('button', { name: 'Chat menu' }).click()
  await boris.page.getByRole('menuitem', { name: 'Mute notifications' }).click()
  await openPersonalChat(boris, anna)
  await expect.poll(() => boris.page.title()).toBe('Beseda')
  await say(anna, 'Quiet now')
  await say(anna, 'Not you, @boris!')
  await banners(boris).getByText('Not you, @boris!').waitFor()
  await setHidden(boris, true)
  await say(anna, 'Quiet still')
  await say(anna, '@boris, are you asleep?')
  await expect.poll(() => texts(boris)).toEqual(['Anna · Talk: @boris, are you asleep?'])
  await expect.poll(() => boris.page.title()).toBe('(2) Beseda')
  await setHidden(boris, false)
  await openChat(boris, 'Talk')
  await expect.poll(() => boris.page.title()).toBe('Beseda')
})

test('an incoming call is told while it rings, and a missed one after it', async () => {
  await setHidden(boris, true)
  await openPersonalChat(anna, boris)
  await anna.page.getByRole('button', { name: 'Audio call' }).click()
  await expect.poll(() => texts(boris)).toEqual(['Anna: Incoming call'])
  await anna.page.getByRole('button', { name: 'Leave call' }).click()
  await expect.poll(async () => (await told(boris))[0]?.closed).toBe(true)
  await expect.poll(() => texts(boris)).toEqual(['Anna: Incoming call', 'Anna: Missed call'])
})

test('two tabs tell once, and none tells while the other is in sight', async () => {
  const second: Person = { ...boris, page: await boris.context.newPage() }
  await second.page.goto(beseda().url)
  await second.page
    .getByRole('complementary', { name: 'Chats' })
    .getByText('Talk')
    .first()
    .waitFor()
  await setHidden(boris, true)
  await say(anna, 'One of you sees it')
  await banners(second).getByText('One of you sees it').waitFor()
  await setHidden(second, true)
  await say(anna, 'None of you sees it')
  const both = async () => [...(await told(boris)), ...(await told(second))]
  await expect.poll(both).toHaveLength(1)
  await say(anna, 'Nor this')
  await expect.poll(both).toHaveLength(2)
  expect((await both()).map(({ body }) => body).sort()).toEqual(['None of you sees it', 'Nor this'])
  await second.page.close()
})

test('without previews the words are hidden', async () => {
  const dialog = await profile(boris)
  await dialog.locator('label').filter({ hasText: 'Show the text' }).click()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await setHidden(boris, true)
  await say(anna, 'The password is 1234')
  await expect.poll(() => texts(boris)).toEqual(['Anna: New message'])
})

test('whoever does not want to be disturbed is told nothing and still sees what was missed', async () => {
  await setStatus(boris, 'Do not disturb')
  await openPersonalChat(boris, anna)
  await expect.poll(() => boris.page.title()).toBe('Beseda')
  await openChat(boris, 'Talk')
  await say(anna, 'Psst')
  await expect.poll(() => boris.page.title()).toBe('(1) Beseda')
  await setHidden(boris, true)
  await openChat(anna, 'Talk')
  await say(anna, 'Wake up, @boris!')
  await expect.poll(() => boris.page.title()).toBe('(2) Beseda')
  await expect.poll(() => told(boris)).toEqual([])
  await expect.poll(() => banners(boris).getByRole('button').count()).toBe(0)
})
