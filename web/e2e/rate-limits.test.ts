import { randomUUID } from 'node:crypto'
import { createClient } from '@beseda/client/client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { createGroup, history, openBrowser, passwordOf, say, signUp } from './people.ts'

const beseda = useBeseda({ RATE_LIMITS: 'on' })
let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function open(path: string, locale: string): Promise<Page> {
  const page = await browser.newPage({ locale })
  page.setDefaultTimeout(15_000)
  await page.goto(`${beseda().url}${path}`)
  return page
}

test('whoever guesses a password is told how long to wait, and the button counts down', async () => {
  const page = await open('/', 'en-US')
  await page.getByLabel('Username').fill('victim')
  const submit = page.getByRole('button', { name: 'Log in', exact: true })
  for (let tries = 0; tries < 11; tries++) {
    await page.getByLabel('Password', { exact: true }).fill(`guess number ${tries}`)
    const answer = page.waitForResponse(/auth\/login/)
    await submit.click()
    expect((await answer).status()).toBe(tries < 10 ? 401 : 429)
  }
  const alert = page.getByRole('alert')
  await alert.getByText(/^Too many attempts\. Try again in \d+ seconds?\.$/).waitFor()
  const waiting = page.getByRole('button', { name: /^Try again in 00:\d\d$/ })
  await expect.poll(() => waiting.isDisabled()).toBe(true)
  const shown = await waiting.textContent()
  await expect.poll(() => waiting.textContent()).not.toBe(shown)
  // Tries are counted by name: somebody else may log in.
  await page.getByLabel('Password', { exact: true }).fill('another')
  await expect.poll(() => waiting.isDisabled()).toBe(true)
  await page.getByLabel('Username').fill('somebody')
  await expect.poll(() => submit.isEnabled()).toBe(true)
  await page.getByText('Too many attempts').waitFor({ state: 'detached' })
  await page.close()
})

test('whoever guesses invitations is told the same, in Russian', async () => {
  const page = await open(`/invite/${'A'.repeat(22)}`, 'ru-RU')
  await page.getByText('Такого приглашения нет').waitFor()
  for (let tries = 1; tries < 30; tries++) {
    await page.getByRole('button', { name: 'Повторить' }).click()
    await page.getByText('Такого приглашения нет').waitFor()
  }
  await page.getByRole('button', { name: 'Повторить' }).click()
  await page.getByText(/^Слишком много попыток\. Повторите через \d+ секунд[уы]?\.$/).waitFor()
  const waiting = page.getByRole('button', { name: /^Повторить через 00:\d\d$/ })
  await expect.poll(() => waiting.isDisabled()).toBe(true)
  await page.close()
})

test('messages sent too fast go by themselves, in order', async () => {
  const anna = await signUp(browser, beseda().url, 'Anna')
  await createGroup(anna, 'Haste', [])
  await say(anna, 'word 1')
  await history(anna).getByText('word 1').waitFor()
  // Another device of hers uses up what may be sent in this span of time.
  const device = createClient({ url: beseda().url })
  await device.session.login({ username: 'anna', password: passwordOf('Anna') })
  const chatId = (await device.rest.chats()).items[0]?.id ?? ''
  const write = () => device.rest.sendMessage(chatId, { body: 'noise', clientId: randomUUID() })
  const answers = await Promise.allSettled(Array.from({ length: 61 }, write))
  expect(answers.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
  for (const n of [2, 3, 4]) await say(anna, `late ${n}`)
  await expect
    .poll(
      async () => {
        const page = await device.rest.messages(chatId)
        return page.items.map(({ body }) => body).filter((body) => body.startsWith('late'))
      },
      { timeout: 30_000 },
    )
    .toEqual(['late 2', 'late 3', 'late 4'])
  await device.close()
  await history(anna).getByText('late 4').waitFor()
  await expect.poll(() => anna.page.getByText('Sending', { exact: true }).count()).toBe(0)
})
