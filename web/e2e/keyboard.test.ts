import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { perceive } from './media.ts'
import { openBrowser, ownId, type Person, signUp } from './people.ts'

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
  expect(await ringing.evaluate((box) => box === document.activeElement)).toBe(true)
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
    .poll(async () => (await perceive(page, borisId, 500)).frames, { timeout: 5_000 })
    .toBeGreaterThan(3)

  await tabTo(page, /^Покинуть звонок$/)
  await keyboard.press('Enter')
  await page
    .getByRole('log')
    .getByText(/Видеозвонок завершён/)
    .waitFor()
  expect(complaints).toEqual([])
}, 40_000)
