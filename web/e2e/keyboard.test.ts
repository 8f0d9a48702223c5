import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { perceive } from './media.ts'
import { history, openBrowser, openChat, ownId, type Person, say, signUp } from './people.ts'

const beseda = useBeseda()
let browser: Browser
let boris: Person

beforeAll(async () => {
  browser = await openBrowser()
  boris = await signUp(browser, beseda().url, 'Boris')
})
afterAll(() => browser.close())

/** What the page says of the element that has the focus: its name, as far as a reader needs it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement
    const labels = at instanceof HTMLInputElement ? [...(at.labels ?? [])] : []
    const words = labels.map((label) => label.textContent).join(' ')
    return at?.getAttribute('aria-label') ?? (words || (at?.textContent ?? ''))
  })

/** Press Tab until the focus is on something with this name. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    if ((await focused(page)).match(name)) return
  }
  throw new Error(`Tab never reached ${name}`)
}

test('from sign-up to a message and a call with the keyboard alone, in Russian', async () => {
  const context = await browser.newContext({
    locale: 'ru-RU',
    viewport: { width: 1440, height: 900 },
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
  const sent: string[] = []
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => sent.push(String(payload))),
  )
  const { keyboard } = page
  await page.goto(beseda().url)
  await page.getByRole('heading', { name: 'С возвращением' }).waitFor()
  expect(complaints).toEqual([])

  await tabTo(page, /^Регистрация$/)
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Создайте аккаунт' }).waitFor()
  await tabTo(page, /^Пароль/)
  await keyboard.press('Enter')
  // What is wrong is said, and the focus is where to mend it.
  await expect.poll(() => focused(page)).toMatch(/^Имя пользователя/)
  await keyboard.type('anna')
  await tabTo(page, /^Отображаемое имя/)
  await keyboard.type('Анна')
  await tabTo(page, /^Пароль/)
  await keyboard.type('пароль-анны')
  await keyboard.press('Enter')
  await page.getByText('Пока нет чатов').first().waitFor()

  await tabTo(page, /^Найти людей$/)
  await keyboard.type('boriz')
  await page.getByRole('button', { name: 'Boris' }).waitFor()
  await tabTo(page, /Boris/)
  await keyboard.press('Enter')
  await expect.poll(() => focused(page)).toBe('Сообщение')
  await keyboard.type('Привет!')
  await keyboard.press('Enter')
  await page.getByRole('log').getByText('Привет!').waitFor()
  await boris.page.getByText('Привет!').first().waitFor()

  await tabTo(page, /^Видеозвонок$/)
  await keyboard.press('Enter')
  const ringing = boris.page.getByRole('alertdialog', { name: /Incoming video call/ })
  await ringing.waitFor()
  await expect.poll(() => ringing.evaluate((box) => box === document.activeElement)).toBe(true)
  await tabTo(boris.page, /^Accept$/)
  await boris.page.keyboard.press('Enter')
  const borisPicture = page.locator('video[data-source="camera"]').nth(1)
  await borisPicture.waitFor()
  const borisId = await ownId(boris)

  await tabTo(page, /^Выключить микрофон$/)
  await keyboard.press('Space')
  await boris.page.getByRole('listitem', { name: /^Анна.*microphone off/ }).waitFor()

  await keyboard.press('Escape')
  await page.getByRole('button', { name: 'Развернуть звонок' }).waitFor()
  // Pictures that nobody looks at are not sent.
  await expect.poll(() => sent.filter((frame) => frame.includes('"pauseConsumer"'))).toHaveLength(1)
  await tabTo(page, /^Развернуть звонок$/)
  await keyboard.press('Enter')
  await borisPicture.waitFor()
  await expect
    .poll(async () => (await perceive(page, borisId, 500)).frames, { timeout: 15_000 })
    .toBeGreaterThan(3)

  await tabTo(page, /^Покинуть звонок$/)
  await keyboard.press('Enter')
  await page
    .getByRole('log')
    .getByText(/Видеозвонок завершён/)
    .waitFor()
  expect(complaints).toEqual([])
}, 40_000)

/** Walk the open menu to an entry and take it. */
async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('menuitem', { name, exact: true }).waitFor()
  const isInside = () =>
    page.evaluate(() => document.activeElement?.closest('[role="menu"]') !== null)
  await expect.poll(isInside).toBe(true)
  for (let presses = 0; presses < 20; presses++) {
    if ((await focused(page)) === name) return page.keyboard.press('Enter')
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`No arrow led to ${name}`)
}

test('a group is made, written in and looked after with the keyboard alone', async () => {
  const vera = await signUp(browser, beseda().url, 'Vera')
  const { page } = vera
  const { keyboard } = page
  page.setDefaultTimeout(15_000)
  await tabTo(page, /^Create group$/)
  await keyboard.press('Enter')
  await expect.poll(() => focused(page)).toMatch(/^Group name/)
  await keyboard.type('Club')
  await tabTo(page, /^Next$/)
  await keyboard.press('Enter')
  await page.getByRole('searchbox', { name: 'Search users' }).waitFor()
  await expect.poll(() => focused(page)).toBe('Search users')
  await keyboard.type('boris')
  await page.getByRole('checkbox', { name: /Boris/ }).waitFor({ state: 'attached' })
  await tabTo(page, /^Boris/)
  await keyboard.press('Space')
  await page.getByText('Selected: 1').waitFor()
  await tabTo(page, /^Create$/)
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Club' }).waitFor()

  // A message: written, mended, and its menu used.
  await expect.poll(() => focused(page)).toBe('Message')
  await keyboard.type('The frist word')
  await keyboard.press('Enter')
  await history(vera).getByText('The frist word').waitFor()
  await history(vera).getByText('Sending', { exact: true }).waitFor({ state: 'detached' })
  await keyboard.press('ArrowUp')
  await expect
    .poll(() => page.getByRole('textbox', { name: 'Message' }).inputValue())
    .toBe('The frist word')
  await keyboard.press('Control+a')
  await keyboard.type('The first word')
  await keyboard.press('Enter')
  await history(vera).getByText('The first word').waitFor()
  await openChat(boris, 'Club')
  await say(boris, 'And the second')
  await history(vera).getByText('And the second').waitFor()
  const openMenu = async (text: string) => {
    const body = page.locator('.message__body', { hasText: text })
    const row = history(vera).getByRole('listitem').filter({ has: body })
    const there = () => row.evaluate((one) => one.contains(document.activeElement))
    for (let presses = 0; presses < 20 && !(await there()); presses++) {
      await keyboard.press('Shift+Tab')
    }
    while ((await focused(page)) !== 'Message actions') await keyboard.press('Tab')
    await keyboard.press('Enter')
  }
  await openMenu('And the second')
  await choose(page, 'Reply')
  await expect.poll(() => focused(page)).toBe('Message')
  await keyboard.type('An answer')
  await keyboard.press('Enter')
  // Seen by the other, and here too: what comes later would move what has the focus.
  for (const one of [boris, vera]) {
    await history(one).locator('.quote').getByText('And the second').waitFor()
  }
  await history(vera).getByText('Sending', { exact: true }).waitFor({ state: 'detached' })
  await openMenu('And the second')
  await choose(page, '👍')
  for (const one of [boris, vera]) {
    await history(one)
      .getByRole('button', { name: /^Reaction 👍: 1/ })
      .waitFor()
  }
  await openMenu('And the second')
  await choose(page, 'Pin')
  for (const one of [boris, vera]) {
    await one.page
      .getByRole('region', { name: 'Pinned messages' })
      .getByText('And the second')
      .waitFor()
    await history(one)
      .getByText(/^Vera pinned/)
      .waitFor()
  }
  await openMenu('An answer')
  await choose(page, 'Delete')
  await history(vera).getByText('An answer').waitFor({ state: 'detached' })
  await tabTo(page, /^Undo$/)
  await keyboard.press('Enter')
  await history(vera).getByText('An answer').waitFor()

  // A search, its result, and the way back.
  await keyboard.press('Control+f')
  await expect.poll(() => focused(page)).toBe('Find in messages')
  await keyboard.type('second')
  const found = page.locator('.search-panel__list .chat-row')
  await expect.poll(() => found.count()).toBe(1)
  await tabTo(page, /And the second/)
  await keyboard.press('Enter')
  await history(vera).locator('.message--marked').waitFor()
  await tabTo(page, /^Find in messages$/)
  await keyboard.press('Escape')
  await keyboard.press('Escape')
  await page.locator('.search-panel__list').waitFor({ state: 'detached' })

  // The members, and a link for more of them.
  await tabTo(page, /^Members$/)
  await keyboard.press('Enter')
  await page.getByRole('button', { name: 'Actions: Boris' }).waitFor()
  await tabTo(page, /^Actions: Boris$/)
  await keyboard.press('Enter')
  await choose(page, 'Make admin')
  await history(boris).getByText('Vera made Boris an admin').waitFor()
  await tabTo(page, /^Chat menu$/)
  await keyboard.press('Enter')
  await choose(page, 'Invite by link')
  await page.getByRole('dialog', { name: 'Invite by link' }).waitFor()
  await tabTo(page, /^Create link$/)
  await keyboard.press('Enter')
  await page.getByRole('img', { name: 'QR code' }).waitFor()
  await keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(() => focused(page)).toBe('Chat menu')
}, 60_000)
