import type { Browser, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import {
  createGroup,
  history,
  openBrowser,
  openChat,
  type Person,
  passwordOf,
  say,
  signUp,
} from './people.ts'
import { makeVoice, type Voice, write } from './voice.ts'

const beseda = useBeseda()
let browser: Browser
let anna: Person
let boris: Person
let vera: Voice

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  boris = await signUp(browser, beseda().url, 'Boris')
  vera = await makeVoice(beseda().url, 'Vera')
  await createGroup(anna, 'Talk', [boris, vera])
  await openChat(boris, 'Talk')
})
afterAll(async () => {
  await vera.client.close()
  await browser.close()
})

const sends = '**/api/chats/*/messages'
const lose = (route: Route) =>
  route.request().method() === 'POST' ? route.abort() : route.fallback()

/** The texts of the chat that are on the page, from top to bottom. */
const texts = (person: Person) =>
  history(person).locator('.message__body > :not(.message__meta)').allTextContents()
const sending = (person: Person) => history(person).getByText('Sending', { exact: true })

test('what could not be sent outlives a reload and goes from wherever the page opens', async () => {
  await anna.page.route(sends, lose)
  await say(anna, 'written offline')
  await say(anna, 'and this after it')
  await expect.poll(() => sending(anna).count()).toBe(2)
  await anna.page.reload()
  await openChat(anna, 'Talk')
  await expect.poll(() => sending(anna).count()).toBe(2)
  await expect.poll(() => texts(anna)).toEqual(['written offline', 'and this after it'])

  await anna.page.unroute(sends)
  await anna.page.goto(beseda().url)
  await expect.poll(() => texts(boris)).toEqual(['written offline', 'and this after it'])
  await openChat(anna, 'Talk')
  await expect.poll(() => texts(anna)).toEqual(['written offline', 'and this after it'])
  await expect.poll(() => sending(anna).count()).toBe(0)
})

test('who logs out is asked first when messages would be lost, and leaves none behind', async () => {
  await anna.page.route(sends, lose)
  await say(anna, 'never to be sent')
  await expect.poll(() => sending(anna).count()).toBe(1)
  const logOut = async () => {
    await anna.page.getByRole('button', { name: 'Menu', exact: true }).click()
    await anna.page.getByRole('button', { name: 'Log out' }).click()
  }
  const question = anna.page.getByRole('dialog').filter({ hasText: '1 message has not been sent' })
  await logOut()
  await question.getByRole('button', { name: 'Cancel' }).press('Enter')
  await question.waitFor({ state: 'detached' })
  await anna.page.getByRole('button', { name: 'Log out' }).click()
  await question.getByRole('button', { name: 'Log out' }).click()

  await anna.page.getByLabel('Username').fill('anna')
  await anna.page.unroute(sends)
  await anna.page.getByLabel('Password', { exact: true }).fill(passwordOf('Anna'))
  await anna.page.getByRole('button', { name: 'Log in' }).click()
  await openChat(anna, 'Talk')
  await say(anna, 'sent at once')
  await expect
    .poll(() => texts(boris))
    .toEqual(['written offline', 'and this after it', 'sent at once'])
})

test('many unread messages: the chat opens at the first of them', async () => {
  await boris.page.goto(beseda().url)
  const chatId = (await vera.client.rest.chats()).items[0]?.id ?? ''
  const news = Array.from({ length: 90 }, (_, at) => `news ${at + 1}`)
  await write(vera, chatId, news)
  await openChat(boris, 'Talk')
  await expect
    .poll(() => history(boris).getByText('news 1', { exact: true }).isVisible())
    .toBe(true)
  await expect.poll(() => texts(boris)).not.toContain('news 90')
  await boris.page.getByRole('button', { name: 'Jump to latest' }).click()
  await history(boris).getByText('news 90', { exact: true }).waitFor()
})
