import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
const waitMs = 8_000
let browser: Browser
let anna: Person
let boris: Person

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  boris = await signUp(browser, beseda().url, 'Boris')
  for (const { page } of [anna, boris]) page.setDefaultTimeout(waitMs)
  await createGroup(anna, 'Talk', [boris])
  await openChat(boris, 'Talk')
})
afterAll(() => browser.close())

/** The row of the message with this text. */
const row = (person: Person, text: string): Locator =>
  history(person)
    .getByRole('listitem')
    .filter({ has: person.page.locator('.message__body', { hasText: text }) })
    .last()

async function act(person: Person, text: string, action: string) {
  await row(person, text).getByRole('button', { name: 'Message actions' }).press('Enter')
  await person.page.getByRole('menuitem', { name: action, exact: true }).click()
}

const composer = ({ page }: Person) => page.getByRole('textbox', { name: 'Message' })
const list = ({ page }: Person) => page.getByRole('complementary', { name: 'Chats' })

test('a reply quotes, an edit is seen by the other, and a read message says so', async () => {
  await say(anna, 'The first word')
  await act(boris, 'The first word', 'Reply')
  await say(boris, 'An answer to it')
  await row(anna, 'An answer to it').locator('.quote').getByText('The first word').waitFor()
  await row(anna, 'The first word').getByText('Read', { exact: true }).first().waitFor()

  await composer(anna).press('ArrowUp')
  await expect.poll(() => composer(anna).inputValue()).toBe('The first word')
  await composer(anna).fill('The **better** word')
  await composer(anna).press('Enter')
  await row(boris, 'The better word').locator('strong').getByText('better').waitFor()
  await row(boris, 'The better word').getByText('edited').waitFor()
})

test('who writes is told, and a reaction counts on both sides', async () => {
  // Told again every few seconds while it lasts: one of these keys falls into the next telling.
  await composer(boris).pressSequentially('hm, hm, hm', { delay: 400 })
  await anna.page.getByRole('status').getByText('Boris is typing…').waitFor()
  await composer(boris).fill('')

  await act(boris, 'The better word', '👍')
  const reaction = (person: Person, n: number) =>
    row(person, 'The better word').getByRole('button', { name: `Reaction 👍: ${n}` })
  await reaction(anna, 1).click()
  await reaction(boris, 2).waitFor()
  await reaction(boris, 2).click()
  await reaction(anna, 1).waitFor()
})

test('a deletion can be taken back, and is told after a while', async () => {
  await say(anna, 'To be deleted')
  await row(boris, 'To be deleted').waitFor()
  await act(anna, 'To be deleted', 'Delete')
  await history(anna).getByText('To be deleted').waitFor({ state: 'detached' })
  await anna.page.getByRole('button', { name: 'Undo' }).click()
  await history(anna).getByText('To be deleted').waitFor()
  await act(anna, 'To be deleted', 'Delete')
  await history(boris).getByText('Message deleted').waitFor({ timeout: 9_000 })
  await expect.poll(() => history(boris).getByText('To be deleted').count()).toBe(0)
})

test('a mention is completed, marked for the one it names and counted apart', async () => {
  await openPersonalChat(boris, anna)
  await composer(anna).pressSequentially('Look, @bo')
  await anna.page.getByRole('option', { name: /Boris/ }).waitFor()
  await composer(anna).press('Tab')
  await expect.poll(() => composer(anna).inputValue()).toBe('Look, @boris ')
  await composer(anna).press('Enter')
  await list(boris).getByText('1 mention', { exact: true }).waitFor()
  await openChat(boris, 'Talk')
  await row(boris, 'Look, @boris').locator('mark').getByText('@boris').waitFor()
  await list(boris).getByText('1 mention', { exact: true }).waitFor({ state: 'detached' })
})

test('a pinned message stands above the chat, and what is found opens in place', async () => {
  await act(anna, 'An answer to it', 'Pin')
  for (let n = 0; n < 25; n++) await say(anna, `filler ${n}`)
  await row(anna, 'filler 24').waitFor()
  await boris.page.getByRole('region', { name: 'Pinned messages' }).getByText('An answer').waitFor()
  await boris.page.getByRole('searchbox', { name: 'Find people' }).fill('bett')
  await list(boris)
    .getByRole('button', { name: /The better word/ })
    .click()
  const found = row(boris, 'The better word')
  await expect
    .poll(() => found.evaluate((one) => one.getBoundingClientRect().top))
    .toBeGreaterThan(0)
  await found.locator('.message--marked').waitFor()
  expect(boris.page.url()).toMatch(/\/message\/\d+$/)
})

test('what looks like a script is text', async () => {
  const dangerous = [
    '<img src=x onerror="document.title=1">',
    '<script>document.title=1</script>',
    '[x](javascript:document.title=1)',
    '**<svg onload=document.title=1>**',
    '||<iframe srcdoc="<script>parent.document.title=1</script>">||',
  ]
  await boris.page.getByRole('button', { name: 'Jump to latest' }).click()
  for (const body of dangerous) await say(anna, body)
  await history(boris).getByText('[x](javascript:document.title=1)').waitFor()
  await history(boris).getByRole('button', { name: 'Show what is hidden' }).waitFor()
  const made = history(boris).locator('img[src=x], script, iframe, svg[onload], a[href^=java]')
  await expect.poll(() => made.count()).toBe(0)
  await expect.poll(() => boris.page.title()).not.toBe('1')
})
