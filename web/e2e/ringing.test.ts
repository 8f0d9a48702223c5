import type { CallSession } from '@beseda/client/calls/session'
import { type Client, createClient } from '@beseda/client/client'
import { createDevice, installWebRtc } from '@beseda/client/testing/werift'
import { ageCall } from '@beseda/launcher/testing/age-call'
import { spans } from '@beseda/protocol/limits'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import {
  history,
  logIn,
  openBrowser,
  openChat,
  type Person,
  passwordOf,
  signUp,
  tile,
} from './people.ts'
import { loudness, recordSounds } from './sounds.ts'
import { findUser, makeVoice, type Voice } from './voice.ts'

const beseda = useBeseda()
let browser: Browser
/** Anna's devices, and her hand on her account. */
let laptop: Person
let phone: Person
let anna: Client
let boris: Voice
let vera: Voice
/** Anna and Boris. */
let personal: string
/** All three. */
let team: string

beforeAll(async () => {
  installWebRtc()
  const { url } = beseda()
  browser = await openBrowser()
  laptop = await signUp(browser, url, 'Anna')
  phone = await logIn(browser, url, 'Anna', { viewport: 'phone', touch: true })
  for (const { context, page } of [laptop, phone]) {
    page.setDefaultTimeout(15_000)
    await context.addInitScript(recordSounds)
    await page.reload()
    // A page that nobody has touched may not sound.
    await page.getByRole('searchbox', { name: 'Find people' }).click()
  }
  anna = createClient({ url })
  await anna.session.login({ username: 'anna', password: passwordOf('Anna') })
  boris = await makeVoice(url, 'Boris', { createDevice })
  vera = await makeVoice(url, 'Vera', { createDevice })
  const userId = await findUser(boris, 'Anna')
  const { rest } = boris.client
  personal = (await rest.createChat({ type: 'personal', userId })).id
  const memberIds = [userId, vera.id]
  team = (await rest.createChat({ type: 'group', name: 'Team', memberIds })).id
  await openChat(laptop, 'Boris')
})
afterAll(async () => {
  for (const client of [anna, boris.client, vera.client]) await client.close()
  await browser.close()
})

const ring = ({ page }: Person) => page.getByRole('alertdialog')
const press = (person: Person, name: string) =>
  person.page.getByRole('button', { name, exact: true }).first().click()
const answer = (person: Person, name: 'Accept' | 'Decline') =>
  ring(person).getByRole('button', { name }).click()
const idOf = (call: CallSession) => call.state.get().call.id
const rings = ({ client }: Voice) => client.calls.incoming.get().length
const presentAt = (call: CallSession) =>
  call.state.get().peers.map(({ displayName }) => displayName)

async function expectRings(...devices: Person[]) {
  for (const device of devices) {
    await ring(device).waitFor()
    await expect.poll(() => loudness(device)).toBeGreaterThan(0.01)
  }
}

async function expectSilence(...devices: Person[]) {
  for (const device of devices) {
    await ring(device).waitFor({ state: 'detached' })
    await expect.poll(() => loudness(device)).toBeNull()
  }
}

/** Everybody leaves, and every page has heard that the call is over. */
async function allLeave() {
  const open = laptop.page.getByRole('dialog', { name: /^Call: / })
  if ((await open.count()) > 0) await press(laptop, 'Leave call')
  for (const { client } of [boris, vera]) await client.calls.hangUp()
  await expect
    .poll(async () => (await anna.rest.chats()).items.filter(({ call }) => call !== null))
    .toEqual([])
  for (const { page } of [laptop, phone]) {
    await expect.poll(() => page.locator('.chat-row-place--call').count()).toBe(0)
  }
}

test('a call of a group rings with sound on every device of everybody', async () => {
  await boris.client.calls.start(team, 'audio')
  for (const device of [laptop, phone]) {
    await device.page.getByRole('alertdialog', { name: 'Incoming call Boris' }).waitFor()
    await ring(device).getByText('in “Team”').waitFor()
  }
  await expectRings(laptop, phone)
  await expect.poll(() => rings(vera)).toBe(1)
})

test('accepted: the other device says so and is silent, the others ring on and may come late', async () => {
  await answer(laptop, 'Accept')
  await tile(laptop, /^Boris/).waitFor()
  await phone.page.getByText('Answered on another device').waitFor()
  await expectSilence(phone, laptop)
  await expect.poll(() => laptop.page.getByText('Answered on another device').count()).toBe(0)
  expect(rings(vera)).toBe(1)
  const [ringing] = vera.client.calls.incoming.get()
  await vera.client.calls.join(ringing?.id ?? '')
  await tile(laptop, /^Vera/).waitFor()
  await allLeave()
})

test('declined in a group: the other device says so, the others ring on, and one may join after all', async () => {
  const call = await boris.client.calls.start(team, 'audio')
  await expectRings(laptop, phone)
  await answer(phone, 'Decline')
  await expectSilence(phone, laptop)
  await laptop.page.getByText('Declined on another device').waitFor()
  await expect.poll(() => phone.page.getByText('Declined on another device').count()).toBe(0)
  expect(rings(vera)).toBe(1)
  await vera.client.calls.join(idOf(call))
  await openChat(laptop, 'Team')
  await press(laptop, 'Join')
  await expect.poll(() => presentAt(call)).toEqual(['Vera', 'Anna'])
  await allLeave()
})

test('declined by the only one who is called: it is over for both', async () => {
  const call = await boris.client.calls.start(personal, 'video')
  await laptop.page.getByRole('alertdialog', { name: 'Incoming video call Boris' }).waitFor()
  await expectRings(laptop, phone)
  await answer(laptop, 'Decline')
  await expectSilence(laptop, phone)
  await phone.page.getByText('Declined on another device').last().waitFor()
  await expect.poll(() => call.state.get().phase).toMatchObject({ outcome: 'declined' })
  await openChat(laptop, 'Boris')
  await history(laptop).getByText('Call declined').waitFor()
  await allLeave()
})

test('who is in another call sees the ring in silence, and can go over', async () => {
  await openChat(laptop, 'Team')
  await press(laptop, 'Audio call')
  await expect.poll(() => rings(vera)).toBe(1)
  await vera.client.calls.join(vera.client.calls.incoming.get()[0]?.id ?? '')
  await tile(laptop, /^Vera/).waitFor()
  await expect.poll(() => loudness(laptop)).toBeNull()
  const call = await boris.client.calls.start(personal, 'audio')
  for (const device of [laptop, phone]) {
    await ring(device).waitFor()
    await expect.poll(() => loudness(device)).toBeNull()
  }
  await answer(laptop, 'Accept')
  const question = laptop.page.getByRole('dialog', { name: 'Leave the other call?' })
  await question.getByRole('button', { name: 'Leave and go on' }).click()
  await expect.poll(() => presentAt(call)).toEqual(['Anna'])
  await laptop.page.getByRole('dialog', { name: 'Call: Boris' }).waitFor()
  await expect.poll(() => vera.client.calls.current.get()?.state.get().peers).toEqual([])
  await allLeave()
})

test('who is not to be disturbed hears and sees no ring, but finds the call', async () => {
  await anna.rest.updateMe({ status: 'dnd' })
  const call = await boris.client.calls.start(personal, 'audio')
  await laptop.page.getByRole('region', { name: 'Call in progress' }).waitFor()
  await phone.page.locator('.chat-row-place--call').waitFor()
  for (const device of [laptop, phone]) {
    await expect.poll(() => ring(device).count()).toBe(0)
    await expect.poll(() => loudness(device)).toBeNull()
  }
  await press(laptop, 'Join')
  await expect.poll(() => presentAt(call)).toEqual(['Anna'])
  await allLeave()
  await anna.rest.updateMe({ status: 'online' })
})

test('nobody answers for 45 s: it was missed, and a banner says so until the chat is opened', async () => {
  await openChat(laptop, 'Team')
  const call = await boris.client.calls.start(personal, 'audio')
  await expectRings(laptop, phone)
  await ageCall(beseda().redisUrl, idOf(call), spans.ringing)
  await expectSilence(laptop, phone)
  await expect
    .poll(() => call.state.get().phase)
    .toMatchObject({ status: 'ended', outcome: 'missed' })
  const banner = ({ page }: Person) => page.getByRole('button', { name: 'Boris Missed call' })
  await banner(phone).waitFor()
  await banner(laptop).click()
  await history(laptop).getByText('Missed call').waitFor()
  await banner(phone).waitFor({ state: 'detached' })
})

test('the caller gives up: it rings no more and was missed, and a press calls back', async () => {
  await boris.client.calls.start(personal, 'audio')
  await expectRings(laptop, phone)
  await boris.client.calls.hangUp()
  await expectSilence(laptop, phone)
  await openChat(phone, 'Boris')
  await expect.poll(() => history(phone).getByText('Missed call').count()).toBe(2)
  await history(phone).getByRole('button', { name: 'Call back' }).last().click()
  await expect.poll(() => rings(boris)).toBe(1)
  // The caller hears that it rings.
  await expect.poll(() => loudness(phone)).toBeGreaterThan(0.01)
})

test('the caller closes the page: it rings no more at once', async () => {
  expect(rings(boris)).toBe(1)
  const closedAt = performance.now()
  await phone.page.close({ runBeforeUnload: true })
  await expect.poll(() => rings(boris)).toBe(0)
  expect(performance.now() - closedAt).toBeLessThan(2_000)
})
