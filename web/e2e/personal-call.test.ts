import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { expectPerceived, perceive } from './media.ts'
import {
  devices,
  history,
  openBrowser,
  openChat,
  openPersonalChat,
  ownId,
  type Person,
  say,
  signUp,
  tile,
} from './people.ts'

const beseda = useBeseda()
let browser: Browser
let anna: Person
let boris: Person

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  boris = await signUp(browser, beseda().url, 'Boris')
})
afterAll(() => browser.close())

test('a message arrives at once, is counted as unread, and survives a reload', async () => {
  await openPersonalChat(anna, boris)
  await say(anna, 'Привет, Борис!')
  await history(anna).getByText('Привет, Борис!').waitFor()
  const row = boris.page.getByRole('complementary', { name: 'Chats' })
  await row.getByText('Привет, Борис!').waitFor()
  await row.getByText('1', { exact: true }).waitFor()
  await openChat(boris, 'Anna')
  await history(boris).getByText('Привет, Борис!').waitFor()
  await row.getByText('1', { exact: true }).waitFor({ state: 'detached' })
  await boris.page.reload()
  await history(boris).getByText('Привет, Борис!').waitFor()
})

test('a video call of two: it rings, both see and hear, mute and camera off show, it ends for both', async () => {
  await anna.page.getByRole('button', { name: 'Video call' }).click()
  const ringing = boris.page.getByRole('alertdialog', { name: /Incoming video call/ })
  await ringing.waitFor()
  await ringing.getByRole('button', { name: 'Accept' }).click()
  await anna.page.getByRole('dialog', { name: /Call/ }).locator('video').nth(1).waitFor()
  await boris.page.getByRole('dialog', { name: /Call/ }).locator('video').nth(1).waitFor()
  const [annaId, borisId] = [await ownId(anna), await ownId(boris)]

  await Promise.all([
    expectPerceived(anna, borisId, 'Anna watches Boris'),
    expectPerceived(boris, annaId, 'Boris watches Anna'),
  ])
  await anna.page
    .getByRole('timer')
    .getByText(/\d+:\d\d/)
    .waitFor()

  await anna.page.getByRole('button', { name: 'Mute microphone' }).click()
  await tile(boris, /^Anna.*microphone off/).waitFor({ timeout: 15_000 })
  // What was on its way when the button was pressed may still sound.
  await expect
    .poll(async () => (await perceive(boris.page, annaId, 1_000)).loudness, { timeout: 15_000 })
    .toBeLessThan(0.001)
  await anna.page.getByRole('button', { name: 'Unmute microphone' }).click()
  await tile(boris, /^Anna(?!.*microphone off)/).waitFor({ timeout: 15_000 })

  await anna.page.getByRole('button', { name: 'Turn camera off' }).click()
  await tile(boris, /^Anna.*camera off/).waitFor({ timeout: 15_000 })
  await anna.page.getByRole('button', { name: 'Turn camera on' }).click()
  await boris.page.locator(`video[data-user-id="${annaId}"]`).waitFor()
  await expect
    .poll(async () => (await perceive(boris.page, annaId, 1_000)).frames, { timeout: 15_000 })
    .toBeGreaterThan(5)

  await anna.page.getByRole('button', { name: 'Leave call' }).click()
  await boris.page.locator('video').first().waitFor({ state: 'detached', timeout: 15_000 })
  for (const person of [anna, boris]) {
    await history(person)
      .getByText(/Video call ended · /)
      .waitFor()
  }
})

test('no camera and no microphone stays on after a call', async () => {
  for (const person of [anna, boris]) {
    const { opened, live } = await devices(person)
    expect(opened).toBeGreaterThan(1)
    expect(live).toBe(0)
  }
})

test('a declined call says so to the caller', async () => {
  await anna.page.getByRole('button', { name: 'Audio call' }).click()
  const ringing = boris.page.getByRole('alertdialog', { name: /Incoming call/ })
  await ringing.waitFor()
  await ringing.getByRole('button', { name: 'Decline' }).click()
  await ringing.waitFor({ state: 'detached' })
  await history(anna).getByText('Call declined').waitFor()
  await history(boris).getByText('Call declined').waitFor()
})
