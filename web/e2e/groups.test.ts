import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import {
  createGroup,
  history,
  openBrowser,
  type Person,
  passwordOf,
  signUp,
  viewports,
} from './people.ts'

const beseda = useBeseda()
let browser: Browser
let anna: Person
let boris: Person
let link: string

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  anna.page.setDefaultTimeout(15_000)
  await createGroup(anna, 'Garden', [])
})
afterAll(() => browser.close())

const fromMenu = async (page: Page, button: string, item: string) => {
  await page.getByRole('button', { name: button }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('whoever opens an invitation signs up and lands in the group', async () => {
  await fromMenu(anna.page, 'Chat menu', 'Invite by link')
  const invites = anna.page.getByRole('dialog', { name: 'Invite by link' })
  await invites.locator('label').filter({ hasText: /^1$/ }).click()
  await invites.getByRole('button', { name: 'Create link' }).click()
  await invites.getByRole('img', { name: 'QR code' }).waitFor()
  link = await invites.getByRole('textbox', { name: 'Invite by link' }).inputValue()
  expect(link).toMatch(/\/invite\/[\w-]{22}$/)

  const context = await browser.newContext({ locale: 'en-US', viewport: viewports.phone })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  boris = { name: 'Boris', page, context }
  await page.goto(link)
  await page.getByText('Anna invites you').waitFor()
  await page.getByRole('heading', { name: 'Garden' }).waitFor()
  await page.getByLabel('Username').fill('boris')
  await page.getByLabel('Display name').fill('Boris')
  await page.getByLabel('Password', { exact: true }).fill(passwordOf('Boris'))
  await page.getByRole('button', { name: 'Sign up' }).click()
  await history(boris).getByText('Boris joined by invitation').waitFor()
  // Used up: it works no longer and stands in the list no more.
  await invites.getByText('No links yet').waitFor()
  await invites.getByRole('button', { name: 'Close' }).click()
  await history(anna).getByText('Boris joined by invitation').waitFor()
})

test('a member who opens the invitation is led to the chat, anybody else is told that it is used up', async () => {
  await boris.page.goto(link)
  await boris.page.getByRole('heading', { name: 'Garden' }).waitFor()
  await boris.page.getByRole('textbox', { name: 'Message' }).waitFor()
  const stranger = await browser.newPage({ locale: 'en-US' })
  await stranger.goto(link)
  await stranger.getByText('Everybody whom this invitation was for has come already').waitFor()
  await stranger.goto(link.replace(/.{4}$/, 'AAAA'))
  await stranger.getByText('There is no such invitation').waitFor()
  await stranger.close()
})

test('an admin changes the settings, and the others see it at once', async () => {
  await anna.page.getByRole('button', { name: 'Members', exact: true }).click()
  await fromMenu(anna.page, 'Actions: Boris', 'Make admin')
  await history(boris).getByText('Anna made Boris an admin').waitFor()
  const row = anna.page.getByRole('listitem').filter({ hasText: 'Boris' })
  await row.getByText('admin', { exact: true }).waitFor()

  await fromMenu(boris.page, 'Chat menu', 'Group settings')
  const settings = boris.page.getByRole('dialog', { name: 'Group settings' })
  await settings.getByLabel('Group name').fill('Orchard')
  await settings.getByRole('button', { name: 'Save' }).click()
  await anna.page.getByRole('heading', { name: 'Orchard' }).waitFor({ timeout: 15_000 })
  await settings.locator('label').filter({ hasText: 'Mute all members' }).click()
  await history(anna).getByText('Boris muted the members in calls').waitFor({ timeout: 15_000 })
  await settings.getByRole('button', { name: 'Close' }).click()
})

test('the chat of a removed member closes with a word of who did it', async () => {
  await fromMenu(anna.page, 'Actions: Boris', 'Remove from the group')
  const confirm = anna.page.getByRole('dialog', { name: 'Remove this member?' })
  await confirm.getByRole('button', { name: 'Remove from the group' }).click()
  await boris.page.getByText('Anna removed you from “Orchard”').waitFor({ timeout: 15_000 })
  await expect.poll(() => new URL(boris.page.url()).pathname).toBe('/')
  await boris.page.getByText('No chats yet').waitFor()
  await history(anna).getByText('Anna removed Boris').waitFor()
  await confirm.waitFor({ state: 'detached' })
  await anna.page.getByRole('button', { name: 'Actions: Boris' }).waitFor({ state: 'detached' })
})
