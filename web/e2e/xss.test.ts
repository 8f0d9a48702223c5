import { randomUUID } from 'node:crypto'
import { type Client, createClient } from '@beseda/client/client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { type Alarm, hostileTexts, inEveryForm, watch } from './hostile.ts'
import { history, openBrowser, openChat, type Person, passwordOf, signUp } from './people.ts'

const beseda = useBeseda()
let browser: Browser
let anna: Person
let annaId: string
let alarms: () => Promise<Alarm[]>
/** Writes everything that is hostile. */
let mallory: Client
let talkId: string
/** A group for each text, named and described by it. */
let groups: { id: string; name: string }[]

const names = hostileTexts.map((text) => text.trim().slice(0, 64).trim())
const list = ({ page }: Person) => page.getByRole('complementary', { name: 'Chats' })
const every = <Item>(items: readonly Item[], step: number) =>
  items.filter((_, index) => index % step === 0)

async function makeClient(username: string, displayName: string): Promise<Client> {
  const client = createClient({ url: beseda().url })
  const { user } = await client.rest.register({
    username,
    password: passwordOf(username),
    displayName,
  })
  await client.session.login({ username, password: passwordOf(user.username) })
  return client
}
const send = (chatId: string, body: string, replyToId?: string) =>
  mallory.rest.sendMessage(chatId, {
    body,
    clientId: randomUUID(),
    ...(replyToId && { replyToId }),
  })

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  anna.page.setDefaultTimeout(15_000)
  alarms = await watch(anna.page)
  await anna.context.grantPermissions(['notifications'])
  await anna.page.evaluate(() =>
    localStorage.setItem('beseda.notifications', JSON.stringify({ browser: true })),
  )
  await anna.page.reload()
  await list(anna).waitFor()

  mallory = await makeClient('mallory', names[0] ?? '')
  const found = await mallory.rest.users({ q: 'anna' })
  annaId = found.items[0]?.id ?? ''
  const talk = await mallory.rest.createChat({ type: 'group', name: 'Talk', memberIds: [annaId] })
  talkId = talk.id
})
afterAll(async () => {
  await mallory.close()
  await browser.close()
})

test('the policy lets no inline script run, and the corpus is large', async () => {
  const answer = await fetch(beseda().url)
  const policy = answer.headers.get('content-security-policy') ?? ''
  const directive = (name: string) => policy.match(new RegExp(`${name} ([^;]*)`))?.[1]?.split(' ')
  expect(directive('script-src')).toContain("'self'")
  expect(directive('script-src')).not.toContain("'unsafe-inline'")
  expect(directive('script-src')).not.toContain("'unsafe-eval'")
  for (const source of ['*', 'data:', 'blob:'])
    expect(directive('script-src')).not.toContain(source)
  expect(directive('object-src')).toEqual(["'none'"])
  expect(directive('base-uri')).toEqual(["'none'"])
  expect(directive('frame-ancestors')).toEqual(["'none'"])
  expect(new Set(hostileTexts).size).toBeGreaterThanOrEqual(60)
})

test('names and descriptions of groups: list, header, system messages, settings', async () => {
  const make = async (name: string) => {
    const body = { type: 'group' as const, name, description: name, memberIds: [annaId] }
    return { id: (await mallory.rest.createChat(body)).id, name }
  }
  groups = await Promise.all(names.map(make))
  await expect.poll(() => list(anna).locator('a.chat-row').count()).toBe(groups.length + 1)
  for (const { id } of every(groups, 4)) {
    await list(anna).locator(`a[href="/chats/${id}"]`).click()
    await anna.page.waitForURL(`**/chats/${id}`)
    await anna.page.getByRole('button', { name: 'Chat menu' }).click()
    await anna.page.getByRole('menuitem', { name: 'About the group' }).click()
    await anna.page.getByRole('dialog', { name: 'About the group' }).waitFor()
    await anna.page.keyboard.press('Escape')
  }
  for (const { id, name } of every(groups, 6))
    await mallory.rest.updateChat(id, { name: `${name}!`.slice(0, 100) })
  await expect.poll(() => alarms()).toEqual([])
}, 240_000)

test('messages in every form: banners, notifications, list, history, quotes, pins, edits', async () => {
  const { page } = anna
  const personal = await mallory.chats.openPersonal(annaId)
  await page.evaluate(() =>
    Object.defineProperty(document, 'hidden', { value: true, configurable: true }),
  )
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  for (const text of every(hostileTexts, 5)) await send(personal.id, `${text} @anna`)
  await page.evaluate(() =>
    Object.defineProperty(document, 'hidden', { value: false, configurable: true }),
  )
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))

  const sent = []
  for (const text of hostileTexts) {
    const message = await send(talkId, inEveryForm(text))
    sent.push(await send(talkId, `A reply, @anna. ${text}`, message.id))
  }
  for (const { id } of every(sent, 4)) await mallory.rest.pin(talkId, id, true)
  for (const { id } of every(sent, 7))
    await mallory.rest.editMessage(talkId, id, `Edited ${names[3]}`)
  await openChat(anna, 'Talk')
  await page.getByRole('region', { name: 'Pinned messages' }).waitFor()
  // The first word of the chat: everything has been on the screen once it is reached.
  const beginning = history(anna).getByText(/created the group “Talk”/)
  await history(anna).hover()
  for (let turns = 0; turns < 400 && !(await beginning.isVisible()); turns++) {
    await page.mouse.wheel(0, -1_200)
    await page.waitForTimeout(30)
  }
  await expect.poll(() => beginning.isVisible()).toBe(true)
  await expect.poll(() => alarms()).toEqual([])
}, 240_000)

test('display names: members, mentions, people found, typing, titles', async () => {
  const { page } = anna
  const crowd: Client[] = []
  for (let n = 0; n < 12; n++) crowd.push(await makeClient(`crowd${n}`, 'Crowd'))
  const userIds = []
  for (let turn = 0; turn * crowd.length < names.length; turn++) {
    for (const [index, person] of crowd.entries()) {
      const displayName = names[turn * crowd.length + index]
      if (displayName) userIds.push((await person.rest.updateMe({ displayName })).id)
    }
    if (turn === 0) await mallory.rest.addMembers(talkId, { userIds })
    await page.getByRole('button', { name: 'Members', exact: true }).click()
    await page
      .getByRole('complementary', { name: 'Members' })
      .locator('.member-row')
      .nth(5)
      .waitFor()
    await page.getByRole('button', { name: 'Members', exact: true }).click()
    await page.getByRole('textbox', { name: 'Message' }).fill('')
    await page.getByRole('textbox', { name: 'Message' }).pressSequentially('@crowd')
    await page.getByRole('option').first().waitFor()
    await page.getByRole('textbox', { name: 'Message' }).fill('')
    await page.getByRole('searchbox', { name: 'Find people' }).fill('crowd')
    await list(anna).getByText('@crowd11').waitFor()
    await page.getByRole('searchbox', { name: 'Find people' }).fill('')
  }
  for (const person of crowd) await person.close()
  await expect.poll(() => alarms()).toEqual([])
}, 180_000)

test('queries of the search, and what they find', async () => {
  const search = anna.page.getByRole('searchbox', { name: 'Find people' })
  for (const text of hostileTexts) await search.fill(text)
  for (const text of ['script', 'onerror', 'img src', 'javascript', 'svg onload', '__proto__']) {
    const answer = anna.page.waitForResponse(/search\/messages/)
    await search.fill(text)
    await answer
    await list(anna).getByRole('heading', { name: 'Messages' }).waitFor()
  }
  await search.fill('')
  await expect.poll(() => alarms()).toEqual([])
})

test('the page of an invitation, and a removal', async () => {
  const page = await browser.newPage({ locale: 'en-US' })
  const said = await watch(page)
  for (const { id } of every(groups, 5)) {
    const { code } = await mallory.rest.createInvite(id, {})
    await page.goto(`${beseda().url}/invite/${code}`)
    await page.getByText('invites you').waitFor()
    await expect.poll(() => said()).toEqual([])
  }
  await page.goto(`${beseda().url}/invite/${encodeURIComponent(names[0] ?? '')}`)
  await page.getByText('There is no such invitation').waitFor()
  await page.goto(`${beseda().url}/chats/${encodeURIComponent(names[10] ?? '')}`)
  await page.getByRole('button', { name: 'Log in' }).waitFor()
  await expect.poll(() => said()).toEqual([])
  await page.close()
  for (const { id } of every(groups, 9)) await mallory.rest.removeMember(id, annaId)
  await anna.page
    .getByText(/removed you from/)
    .first()
    .waitFor()
  await expect.poll(() => alarms()).toEqual([])
})

test('a call: who rings and the tiles', async () => {
  await mallory.rest.updateMe({ displayName: names[10] ?? '' })
  const context = await browser.newContext({ locale: 'en-US' })
  await context.addInitScript(() => localStorage.setItem('beseda.calls', '{"preview":false}'))
  const page = await context.newPage()
  await page.goto(beseda().url)
  await page.getByLabel('Username').fill('mallory')
  await page.getByLabel('Password', { exact: true }).fill(passwordOf('mallory'))
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await page.getByRole('complementary', { name: 'Chats' }).getByText('Talk').first().click()
  await call(page)
  await anna.page.getByRole('alertdialog').getByRole('button', { name: 'Accept' }).click()
  const tiles = anna.page.getByRole('list', { name: 'Call participants' }).getByRole('listitem')
  await expect.poll(() => tiles.count()).toBe(2)
  await expect
    .poll(() => tiles.allTextContents())
    .toContainEqual(expect.stringContaining('<img src=x'))
  await anna.page.getByRole('button', { name: 'Leave call' }).click()
  await context.close()
  await expect.poll(() => alarms()).toEqual([])
})

test('the watch is awake: what is planted is seen', async () => {
  await anna.page.evaluate(() => {
    const planted = document.createElement('div')
    planted.innerHTML =
      '<img src="x" onerror="window.__xss=1"><iframe></iframe><a href="javascript:1">x</a><a href="https://a.example">x</a>'
    document.body.append(planted)
  })
  await expect
    .poll(alarms)
    .toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^attribute <img/),
        expect.stringMatching(/^element <iframe/),
        expect.stringMatching(/^address <a href="javascript/),
        expect.stringMatching(/^rel <a/),
        expect.stringMatching(/^policy script-src/),
      ]),
    )
})

async function call(page: Page) {
  await page.getByRole('button', { name: 'Audio call' }).click()
}
