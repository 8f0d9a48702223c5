import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { embeddedFolder, openEmbedded } from '../../server/src/db/database.ts'
import { users } from '../../server/src/users/schema.ts'
import { searchTextOf } from '../../server/src/users/search-text.ts'
import { useBeseda } from './app.ts'
import { openBrowser, openChat, type Person, signUp } from './people.ts'
import { findUser, makeVoice, type Voice } from './voice.ts'

const size = 1_000
/** All but Anna and Boris; `n` is part of the name. */
const others = Array.from({ length: size - 2 }, (_, n) => ({
  id: crypto.randomUUID(),
  username: `member${n}`,
  displayName: n === 777 ? 'Серафима Лунина' : `Member ${n}`,
}))
let dataDir = ''

/** Accounts that nobody signs in to: a thousand passwords would take a minute. */
async function seedUsers(): Promise<NodeJS.ProcessEnv> {
  dataDir = await mkdtemp(join(tmpdir(), 'beseda-e2e-members-'))
  const { db, close } = await openEmbedded(embeddedFolder(dataDir))
  const rows = others.map((other) => ({
    ...other,
    passwordHash: '',
    searchText: searchTextOf(other.username, other.displayName),
    createdAt: new Date(),
  }))
  await db.insert(users).values(rows)
  await close()
  return { DATA_DIR: dataDir }
}

const beseda = useBeseda(seedUsers)
let browser: Browser
let anna: Person
let boris: Voice

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  boris = await makeVoice(beseda().url, 'Boris')
  const annaId = await findUser(boris, 'Anna')
  const { id } = await boris.client.rest.createChat({
    type: 'channel',
    name: 'Everybody',
    memberIds: [annaId, ...others.map((other) => other.id)],
  })
  await boris.client.rest.updateMember(id, annaId, { role: 'admin' })
  await openChat(anna, 'Everybody')
})
afterAll(async () => {
  await boris.client.close()
  await browser.close()
  await rm(dataDir, { recursive: true, force: true })
})

const panel = () => anna.page.getByRole('complementary', { name: 'Members' })
const rows = () => panel().getByRole('listitem')

test('a thousand members are scrolled from the first to the last, a few rows on the page', async () => {
  await anna.page.getByRole('button', { name: 'Members' }).first().click()
  await panel().getByText('1,000 members').waitFor()
  await rows().first().waitFor()
  const list = panel().locator('.members-panel__list')
  const seen = new Set<string>()
  let most = 0
  await list.hover()
  for (let turn = 0; turn < 400 && seen.size < size; turn++) {
    for (const name of await panel().locator('.member-row__name').allTextContents()) seen.add(name)
    most = Math.max(most, await rows().count())
    await anna.page.mouse.wheel(0, 600)
    await anna.page.evaluate(() => new Promise(requestAnimationFrame))
  }
  expect(seen.size).toBe(size)
  expect(most).toBeLessThan(50)
  const last = rows().last()
  await expect.poll(() => last.getAttribute('aria-posinset')).toBe(String(size))
})

test('one of a thousand is found by name, from the middle of the list', async () => {
  const search = panel().getByRole('searchbox')
  await search.fill('серафима')
  await panel().getByText('Серафима Лунина').waitFor()
  await expect.poll(() => rows().count()).toBe(1)
  await search.fill('')
  await expect.poll(() => rows().count()).toBeGreaterThan(8)
})

test('one of a thousand is mentioned after a few letters', async () => {
  const composer = anna.page.getByRole('textbox', { name: 'Message' })
  await composer.pressSequentially('Ask @member77')
  const options = anna.page.getByRole('option')
  await expect.poll(() => options.count()).toBe(8)
  await composer.pressSequentially('7')
  await options.first().filter({ hasText: 'Серафима Лунина' }).waitFor()
  await composer.press('Enter')
  await expect.poll(() => composer.inputValue()).toBe('Ask @member777 ')
})
