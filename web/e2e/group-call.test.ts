import { createClient } from '@beseda/client/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { expectPerceived } from './media.ts'
import {
  createGroup,
  history,
  openBrowser,
  openChat,
  ownId,
  type Person,
  passwordOf,
  signUp,
  tile,
} from './people.ts'

const beseda = useBeseda()
let browser: Browser
let people: Person[]

beforeAll(async () => {
  browser = await openBrowser()
  people = []
  for (const name of ['Vera', 'Gleb', 'Dina', 'Egor']) {
    people.push(await signUp(browser, beseda().url, name))
  }
})
afterAll(() => browser.close())

test('four in a video call: each sees and hears the three others', async () => {
  const [vera, ...others] = people
  if (!vera) throw new Error('nobody is there')
  await createGroup(vera, 'Friday', others)
  await history(vera).getByText('created the group “Friday”').waitFor()
  await vera.page.getByRole('button', { name: 'Video call' }).click()
  for (const other of others) {
    const ringing = other.page.getByRole('alertdialog', { name: /Incoming video call/ })
    await ringing.getByText('in “Friday”').waitFor()
    await ringing.getByRole('button', { name: 'Accept' }).click()
  }
  for (const person of people) {
    await person.page.locator('video[data-source="camera"]').nth(3).waitFor()
  }
  const ids = await Promise.all(people.map(ownId))
  expect(new Set(ids).size).toBe(4)

  for (const [index, person] of people.entries()) {
    await Promise.all(
      ids
        .filter((_, other) => other !== index)
        .map((id) =>
          expectPerceived(person, id, `${person.name} watches ${people[ids.indexOf(id)]?.name}`),
        ),
    )
  }
})

test('mute and camera off are seen by the three others', async () => {
  const [vera, ...others] = people
  if (!vera) throw new Error('nobody is there')
  await vera.page.getByRole('button', { name: 'Mute microphone' }).click()
  await vera.page.getByRole('button', { name: 'Turn camera off' }).click()
  for (const person of others) {
    await tile(person, /^Vera.*microphone off.*camera off/).waitFor({ timeout: 15_000 })
  }
})

test('whoever leaves is gone within two seconds', async () => {
  const [vera, gleb, ...others] = people
  if (!vera || !gleb) throw new Error('nobody is there')
  await gleb.page.getByRole('button', { name: 'Leave call' }).click()
  for (const person of [vera, ...others]) {
    await tile(person, /^Gleb/).waitFor({ state: 'detached', timeout: 15_000 })
  }
})

test('whoever left can come back, and the last one to leave ends the call', async () => {
  const [vera, gleb, dina, egor] = people
  if (!vera || !gleb || !dina || !egor) throw new Error('nobody is there')
  await openChat(gleb, 'Friday')
  await gleb.page.getByRole('button', { name: 'Join' }).first().click()
  await tile(vera, /^Gleb/).waitFor()
  for (const { page } of [gleb, dina, egor, vera]) {
    await page.getByRole('button', { name: 'Leave call' }).click()
  }
  await openChat(dina, 'Friday')
  await history(dina)
    .getByText(/Video call ended · /)
    .waitFor({ timeout: 15_000 })
  await dina.page.getByRole('button', { name: 'Join' }).waitFor({ state: 'detached' })
  await dina.page.getByRole('button', { name: 'Chat menu' }).click()
  await dina.page.getByRole('menuitem', { name: 'Call history' }).click()
  const logged = dina.page.getByRole('dialog').getByRole('listitem')
  await logged.filter({ hasText: 'Video call by Vera' }).getByText('In the call:').waitFor()
  await dina.page.keyboard.press('Escape')

  const client = createClient({ url: beseda().url })
  await client.session.login({ username: 'dina', password: passwordOf('Dina') })
  const [chat] = (await client.rest.chats()).items
  const { items } = await client.rest.callLog(chat?.id ?? '')
  await client.close()
  expect(items).toMatchObject([{ type: 'video', outcome: 'ended' }])
  // Gleb came twice.
  expect(items[0]?.participants.map(({ user }) => user.displayName).sort()).toEqual([
    'Dina',
    'Egor',
    'Gleb',
    'Gleb',
    'Vera',
  ])
  for (const { leftAt } of items[0]?.participants ?? []) expect(leftAt).not.toBeNull()
})
