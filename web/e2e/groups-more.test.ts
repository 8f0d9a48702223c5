import { type Client, createClient } from '@beseda/client/client'
import type { Invite } from '@beseda/protocol/invites'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import {
  createGroup,
  history,
  openBrowser,
  openChat,
  type Person,
  passwordOf,
  signUp,
} from './people.ts'

const beseda = useBeseda()
let browser: Browser
let anna: Person
let boris: Person
/** Anna on another device, without a screen. */
let device: Client
let expiring: Invite

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  boris = await signUp(browser, beseda().url, 'Boris')
  for (const { page } of [anna, boris]) page.setDefaultTimeout(15_000)
  await createGroup(anna, 'Garden', [])
  device = createClient({ url: beseda().url })
  await device.session.login({ username: 'anna', password: passwordOf('Anna') })
  // It expires while the other journeys are made.
  expiring = await device.rest.createInvite(await chatId(), { expiresInSeconds: 5 })
})
afterAll(async () => {
  await device.close()
  await browser.close()
})

const chatId = async () => (await device.rest.chats()).items[0]?.id ?? ''
const avatar = ({ page }: Person): Locator => page.locator('.chat-page header .avatar img')
const fromMenu = async (page: Page, item: string) => {
  await page.getByRole('button', { name: 'Chat menu' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}
const dialog = ({ page }: Person, name: string) => page.getByRole('dialog', { name })

/** A picture of one dot. */
const picture = {
  name: 'dot.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
}

/** Press a key until the focus is on what bears this name. */
async function keyTo(page: Page, key: string, name: string) {
  for (let presses = 0; presses < 30; presses++) {
    const there = await page.evaluate(() => {
      const at = document.activeElement
      return at?.getAttribute('aria-label') ?? at?.textContent ?? ''
    })
    if (there.startsWith(name)) return
    await page.keyboard.press(key)
  }
  throw new Error(`${key} never reached ${name}`)
}

test('members are added from the menu, also by their name in the other letters', async () => {
  await fromMenu(anna.page, 'Add members')
  const modal = dialog(anna, 'Add members')
  await modal.getByRole('searchbox', { name: 'Search users' }).fill('Борис')
  await modal.locator('label').filter({ hasText: '@boris' }).click()
  await modal.getByText('Selected: 1').waitFor()
  await modal.getByRole('button', { name: 'Add', exact: true }).click()
  await modal.waitFor({ state: 'detached' })
  await history(anna).getByText('Anna added Boris').waitFor()
  await openChat(boris, 'Garden')
})

test('a new picture is seen by the others at once, and by whoever is invited', async () => {
  await fromMenu(anna.page, 'Group settings')
  const settings = dialog(anna, 'Group settings')
  await settings.locator('input[type="file"]').setInputFiles(picture)
  for (const person of [anna, boris]) {
    await expect
      .poll(() => avatar(person).evaluate((img: HTMLImageElement) => img.naturalWidth))
      .toBeGreaterThan(0)
  }
  await settings.getByRole('button', { name: 'Remove the picture' }).waitFor()
  await settings.getByRole('button', { name: 'Close' }).click()
  await history(boris).getByText('Anna changed the group’s picture').waitFor()

  const { code } = await device.rest.createInvite(await chatId(), {})
  const guest = await browser.newPage({ locale: 'en-US' })
  await guest.goto(`${beseda().url}/invite/${code}`)
  await guest.getByText('Anna invites you').waitFor()
  await expect
    .poll(() =>
      guest.locator('.invite-face img').evaluate((img: HTMLImageElement) => img.naturalWidth),
    )
    .toBeGreaterThan(0)
  await guest.close()
})

test('the link of an invitation is copied', async () => {
  await anna.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await fromMenu(anna.page, 'Invite by link')
  const invites = dialog(anna, 'Invite by link')
  await invites.getByRole('button', { name: 'Create link' }).click()
  await invites.getByRole('img', { name: 'QR code' }).waitFor()
  const newest = invites.getByRole('listitem').first()
  await newest.getByRole('button', { name: 'Copy link' }).click()
  await anna.page.getByText('Link copied').waitFor()
  const link = await newest.getByRole('textbox').inputValue()
  await expect.poll(() => anna.page.evaluate(() => navigator.clipboard.readText())).toBe(link)
  expect(link).toMatch(/\/invite\/[\w-]{22}$/)
  await invites.getByRole('button', { name: 'Close' }).click()
})

test('the search stays in sight while the users scroll', async () => {
  for (let n = 0; n < 14; n++) {
    const somebody = createClient({ url: beseda().url })
    const username = `crowd${n}`
    await somebody.rest.register({ username, password: 'a long password', displayName: username })
    await somebody.close()
  }
  await anna.page.getByRole('button', { name: 'Create group' }).first().click()
  const modal = anna.page.getByRole('dialog')
  await modal.getByLabel('Group name').fill('Big')
  await modal.getByRole('button', { name: 'Next' }).click()
  await modal.locator('label').filter({ hasText: '@crowd1' }).first().click()
  const last = modal.locator('label').last()
  await last.waitFor()
  await last.scrollIntoViewIfNeeded()
  const search = modal.getByRole('searchbox', { name: 'Search users' })
  const hit = await search.evaluate((field) => {
    const { x, y, width, height } = field.getBoundingClientRect()
    return document.elementFromPoint(x + width / 2, y + height / 2) === field
  })
  expect(hit).toBe(true)
  await modal.getByRole('button', { name: 'Close' }).click()
})

test('an owner who leaves hands the group over, by keyboard alone', async () => {
  const { page } = anna
  await page.getByRole('button', { name: 'Chat menu' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Leave group' }).waitFor()
  await keyTo(page, 'ArrowDown', 'Leave group')
  await page.keyboard.press('Enter')
  const modal = dialog(anna, 'Leave the group?')
  await modal.getByText('The group needs an owner').waitFor()
  const leave = modal.getByRole('button', { name: 'Hand over and leave' })
  await expect.poll(() => leave.isDisabled()).toBe(true)
  await modal.getByRole('radio', { name: 'Boris' }).waitFor()
  await keyTo(page, 'Tab', 'Boris')
  await page.keyboard.press('Space')
  await keyTo(page, 'Tab', 'Hand over and leave')
  await page.keyboard.press('Enter')
  await page.getByText('You left “Garden”').waitFor()
  await history(boris).getByText('Anna handed the group over to Boris').waitFor()
  await history(boris).getByText('Anna left the group').waitFor()
})

test('a group is deleted, and its chat closes for the others with a word of who did it', async () => {
  await createGroup(anna, 'Short-lived', [boris])
  await openChat(boris, 'Short-lived')
  await fromMenu(anna.page, 'Group settings')
  await dialog(anna, 'Group settings').getByRole('button', { name: 'Delete group' }).click()
  const confirm = dialog(anna, 'Delete the group?')
  await confirm.getByText('“Short-lived” will be gone for everybody').waitFor()
  await confirm.getByRole('button', { name: 'Delete group' }).click()
  await boris.page.getByText('Anna deleted “Short-lived”').waitFor()
  await boris.page.getByRole('heading', { name: 'Short-lived' }).waitFor({ state: 'detached' })
  await anna.page.getByRole('heading', { name: 'Short-lived' }).waitFor({ state: 'detached' })
})

test('whoever is alone in a group is led to delete it', async () => {
  await createGroup(anna, 'Alone', [])
  await fromMenu(anna.page, 'Leave group')
  const modal = dialog(anna, 'Leave the group?')
  await modal.getByText('You are the only one here').waitFor()
  await modal.getByRole('button', { name: 'Delete group' }).click()
  await dialog(anna, 'Delete the group?').getByRole('button', { name: 'Delete group' }).click()
  await anna.page.getByText('Anna deleted “Alone”').waitFor()
})

test('an invitation that works no longer says why: used up, revoked, expired', async () => {
  await createGroup(anna, 'Party', [])
  const party = await chatId()
  const once = await device.rest.createInvite(party, { maxUses: 1 })
  const revoked = await device.rest.createInvite(party, {})
  await device.rest.revokeInvite(party, revoked.code)
  const guest = createClient({ url: beseda().url })
  await guest.session.login({ username: 'crowd1', password: 'a long password' })
  await guest.rest.joinByInvite(once.code)
  await guest.close()

  const context = await browser.newContext({ locale: 'ru-RU' })
  const page = await context.newPage()
  const says = async (code: string, words: string) => {
    await page.goto(`${beseda().url}/invite/${code}`)
    await page.getByText(words).waitFor({ timeout: 15_000 })
  }
  await says(once.code, 'По этому приглашению уже вошли все, кого оно ждало')
  await says(revoked.code, 'Это приглашение отозвали')
  const left = new Date(expiring.expiresAt ?? 0).getTime() - Date.now()
  await page.waitForTimeout(Math.max(0, left) + 100)
  await says(expiring.code, 'Срок этого приглашения истёк')
  await context.close()
})
