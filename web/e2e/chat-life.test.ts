import type { Browser, Page } from 'playwright-core'
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
  viewports,
} from './people.ts'
import { findUser, lines, makeVoice, type Voice, write } from './voice.ts'

const beseda = useBeseda()
let browser: Browser
let anna: Person
let boris: Person
let vera: Voice
let chatId: string

beforeAll(async () => {
  browser = await openBrowser()
  vera = await makeVoice(beseda().url, 'Vera')
  anna = await signUp(browser, beseda().url, 'Anna')
  boris = await signUp(browser, beseda().url, 'Boris')
  for (const { page } of [anna, boris]) page.setDefaultTimeout(15_000)
  await createGroup(anna, 'Talk', [boris])
  const [chat] = (await asVoice()).items
  chatId = chat?.id ?? ''
})
afterAll(async () => {
  await vera.client.close()
  await browser.close()
})

/** Vera comes in by Anna's hand and sees her chats. */
async function asVoice() {
  const menu = anna.page.getByRole('button', { name: 'Chat menu' })
  await menu.click()
  await anna.page.getByRole('menuitem', { name: 'Add members' }).click()
  const modal = anna.page.getByRole('dialog')
  await modal.locator('label').filter({ hasText: '@vera' }).click()
  await modal.getByRole('button', { name: 'Add', exact: true }).click()
  await modal.waitFor({ state: 'detached' })
  return vera.client.rest.chats()
}

const composer = ({ page }: Person) => page.getByRole('textbox', { name: 'Message' })
const list = ({ page }: Person) => page.getByRole('complementary', { name: 'Chats' })
const inSight = (person: Person, text: string) =>
  expect
    .poll(() =>
      history(person)
        .getByText(text, { exact: true })
        .evaluateAll((found, height) => {
          const top = found[0]?.getBoundingClientRect().top ?? -1
          return top > 0 && top < height
        }, viewports.wide.height),
    )
    .toBe(true)

test('the messages of a chat are found by a form of a word and by sender, and open in place', async () => {
  await write(vera, chatId, ['Я видела две книги на столе', 'Книга была старой'])
  await say(anna, 'Какую книгу взять?')
  await write(vera, chatId, lines(1, 60))
  await anna.page.keyboard.press('Control+f')
  const panel = anna.page.getByRole('complementary', { name: 'Search in the chat' })
  await panel.getByRole('searchbox', { name: 'Find in messages' }).fill('книга')
  const found = panel.locator('.chat-row')
  await expect.poll(() => found.count()).toBe(3)
  await panel.getByRole('button', { name: 'From anybody' }).click()
  await panel.getByRole('searchbox', { name: 'Search members' }).fill('ver')
  await panel.getByRole('button', { name: 'Vera' }).click()
  await expect.poll(() => found.count()).toBe(2)
  await found.filter({ hasText: 'две книги' }).click()
  await inSight(anna, 'Я видела две книги на столе')
  await panel.getByRole('button', { name: 'From anybody' }).click()
  await expect.poll(() => found.count()).toBe(3)
  await panel.getByRole('searchbox', { name: 'Find in messages' }).fill('жираф')
  await panel.getByText('Nothing matches “жираф” here.').waitFor()
  await anna.page.keyboard.press('Escape')
  await anna.page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
})

test('on a phone what is found is not hidden by what found it', async () => {
  const { page } = anna
  await page.setViewportSize(viewports.phone)
  await page.getByRole('button', { name: 'Chat menu' }).click()
  await page.getByRole('menuitem', { name: 'Search in the chat' }).click()
  await page.getByRole('searchbox', { name: 'Find in messages' }).fill('старая')
  await page.getByRole('button', { name: /Книга была старой/ }).click()
  await inSight(anna, 'Книга была старой')
  await page.getByRole('complementary', { name: 'Search in the chat' }).waitFor({
    state: 'detached',
  })
  await page.setViewportSize(viewports.wide)
})

test('what was typed waits in its chat, over a reload too', async () => {
  await composer(anna).fill('half a sen')
  await openPersonalChat(anna, boris)
  await expect.poll(() => composer(anna).inputValue()).toBe('')
  await composer(anna).fill('for Boris alone')
  await anna.page.reload()
  await openChat(anna, 'Talk')
  await expect.poll(() => composer(anna).inputValue()).toBe('half a sen')
  await composer(anna).press('Enter')
  await history(anna).getByText('half a sen', { exact: true }).waitFor()
  await anna.page.reload()
  await openChat(anna, 'Talk')
  await expect.poll(() => composer(anna).inputValue()).toBe('')
})

test('a link to a message leads another member to it', async () => {
  await anna.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await say(anna, 'Remember this one')
  const row = history(anna).getByRole('listitem').filter({ hasText: 'Remember this one' })
  await row.getByRole('button', { name: 'Message actions' }).press('Enter')
  await anna.page.getByRole('menuitem', { name: 'Copy link' }).click()
  await anna.page.getByText('Copied').waitFor()
  const link = await anna.page.evaluate(() => navigator.clipboard.readText())
  await write(vera, chatId, lines(61, 120))
  await boris.page.goto(link)
  await inSight(boris, 'Remember this one')
})

test('bold, lists, code and secrets are shown as such', async () => {
  await say(anna, '**bold** *slanted* ~~gone~~ `code` ||a secret||')
  const row = history(boris).getByRole('listitem').filter({ hasText: 'bold slanted' })
  await boris.page.getByRole('button', { name: 'Jump to latest' }).click()
  for (const [tag, text] of [
    ['strong', 'bold'],
    ['em', 'slanted'],
    ['s', 'gone'],
    ['code', 'code'],
  ] as const) {
    await row.locator(tag).getByText(text, { exact: true }).waitFor()
  }
  const secret = row.getByRole('button', { name: 'Show what is hidden' })
  await secret.click()
  await secret.waitFor({ state: 'detached' })
  await row.getByText('a secret').waitFor()
})

test('others see who is away, busy, or gone and since when', async () => {
  await openPersonalChat(anna, boris)
  const note = anna.page.locator('.header__note')
  await expect.poll(() => note.textContent()).toBe('online')
  const setStatus = async (page: Page, status: string) => {
    await page.getByRole('button', { name: 'Menu', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Profile' })
    await dialog.locator('label').filter({ hasText: status }).click()
    await dialog.getByRole('button', { name: 'Close' }).click()
  }
  await setStatus(boris.page, 'Do not disturb')
  await expect.poll(() => note.textContent()).toBe('do not disturb')
  await setStatus(boris.page, 'Away')
  await expect.poll(() => note.textContent()).toBe('away')
  await setStatus(boris.page, 'Online')
  await expect.poll(() => note.textContent()).toBe('online')
  await boris.page.goto('about:blank')
  await expect.poll(() => note.textContent()).toBe('last seen just now')
  await boris.page.goto(beseda().url)
  await expect.poll(() => note.textContent()).toBe('online')
})

test('what is written and read on one device is so on the other', async () => {
  const borisId = await findUser(vera, 'Boris')
  const { id } = await vera.client.rest.createChat({ type: 'personal', userId: borisId })
  const second = { ...boris, page: await boris.context.newPage() }
  await second.page.goto(beseda().url)
  await write(vera, id, ['Are you there, Boris?'])
  for (const one of [boris, second]) {
    await list(one)
      .getByRole('link', { name: /Vera.*1 unread message/ })
      .waitFor()
  }
  await openChat(boris, 'Vera')
  await list(second)
    .getByRole('link', { name: /1 unread message/ })
    .waitFor({ state: 'detached' })
  await openChat(second, 'Vera')
  await say(boris, 'Here, and there')
  await history(second).getByText('Here, and there').waitFor()
  await second.page.close()
})

test('a permission that is taken away takes its buttons away at once', async () => {
  await openChat(boris, 'Talk')
  const call = boris.page.getByRole('button', { name: 'Audio call' })
  await call.waitFor()
  await openChat(anna, 'Talk')
  await anna.page.getByRole('button', { name: 'Members', exact: true }).click()
  const permit = async (on: boolean) => {
    await anna.page.getByRole('button', { name: 'Actions: Boris' }).click()
    await anna.page.getByRole('menuitem', { name: 'Permissions' }).click()
    const dialog = anna.page.getByRole('dialog')
    const may = dialog.getByRole('switch', { name: 'Start calls' })
    await expect.poll(() => may.isChecked()).toBe(!on)
    await dialog.locator('label').filter({ hasText: 'Start calls' }).click()
    await dialog.getByRole('switch', { name: 'Start calls', checked: on }).waitFor({
      state: 'attached',
    })
    await anna.page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  }
  await permit(false)
  await call.waitFor({ state: 'detached', timeout: 15_000 })
  await permit(true)
  await call.waitFor({ timeout: 15_000 })
})

test('who hands the group over is an admin, and the new owner can do what the old one could', async () => {
  await anna.page.getByRole('button', { name: 'Actions: Boris' }).click()
  await anna.page.getByRole('menuitem', { name: 'Hand over ownership' }).click()
  const question = anna.page.getByRole('dialog', { name: 'Hand over ownership?' })
  await question.getByRole('button', { name: 'Hand over' }).click()
  await history(boris).getByText('Anna handed the group over to Boris').waitFor()
  await boris.page.getByRole('button', { name: 'Members', exact: true }).click()
  await boris.page.getByRole('button', { name: 'Actions: Anna' }).click()
  await boris.page.getByRole('menuitem', { name: 'Make member' }).click()
  await history(anna).getByText('Boris took the admin role from Anna').waitFor()
  await anna.page.getByRole('button', { name: 'Actions: Boris' }).waitFor({ state: 'detached' })
})
