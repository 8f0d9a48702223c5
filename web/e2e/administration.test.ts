import { firstOwnerLink } from '@beseda/launcher/admin/first-owner'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { useBeseda } from './app.ts'
import { openBrowser, passwordOf, signUp } from './people.ts'

const beseda = useBeseda()
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test('the owner link makes an owner, who shuts an account and sees it in the log', async () => {
  const { url } = beseda()
  const boris = await signUp(browser, url, 'Boris')
  const page = await (await browser.newContext({ locale: 'en-US' })).newPage()
  await page.goto((await firstOwnerLink(beseda())) ?? '')
  await page.getByLabel('Username').fill('anna')
  await page.getByLabel('Display name').fill('Anna')
  await page.getByLabel('Password', { exact: true }).fill(passwordOf('Anna'))
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.getByText('No chats yet').first().waitFor()

  await page.getByRole('button', { name: 'Menu' }).first().click()
  await page.getByRole('button', { name: 'Administration' }).click()
  const row = page.getByRole('listitem').filter({ hasText: '@boris' })
  await row.getByRole('button').click()
  await page.getByRole('menuitem', { name: 'Disable' }).click()
  await page.getByRole('button', { name: 'Disable' }).click()
  await row.getByText('Disabled').waitFor()
  // Out at once, without a word from his own side.
  await boris.page.getByRole('button', { name: 'Log in' }).waitFor()

  await page.getByRole('tab', { name: 'Users' }).press('ArrowUp')
  await page.getByRole('tab', { name: 'Log', selected: true }).waitFor()
  await page.getByText('Disabled: boris').waitFor()
  await page.getByText('Became the owner').waitFor()
})
