import { type Client, createClient } from '@beseda/client/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { perceive } from './media.ts'
import { createGroup, openBrowser, ownId, type Person, passwordOf, signUp, tile } from './people.ts'

const beseda = useBeseda()
let browser: Browser
let anna: Person
let boris: Person
let vera: Person
/** Anna's hand on the group's settings. */
let owner: Client

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  boris = await signUp(browser, beseda().url, 'Boris')
  vera = await signUp(browser, beseda().url, 'Vera')
  for (const { page } of [anna, boris, vera]) page.setDefaultTimeout(15_000)
  await createGroup(anna, 'Lecture', [boris, vera])
  owner = createClient({ url: beseda().url })
  await owner.session.login({ username: 'anna', password: passwordOf('Anna') })
  await setRules(true)
})
afterAll(async () => {
  await owner.close()
  await browser.close()
})

async function setRules(onlyAdminsCanSpeak: boolean) {
  const [chat] = (await owner.rest.chats()).items
  const callSettings = { muteAll: false, onlyAdminsCanSpeak }
  await owner.rest.updateChat(chat?.id ?? '', { callSettings })
}

const button = ({ page }: Person, name: string | RegExp) => page.getByRole('button', { name })
const people = ({ page }: Person) => page.getByRole('complementary', { name: 'Participants' })

/** Use the menu of somebody in Anna's list of participants. */
async function moderate(name: string, deed: string) {
  await people(anna)
    .getByRole('button', { name: `Actions: ${name}` })
    .click()
  await anna.page.getByRole('button', { name: deed, exact: true }).click()
}

test('a listener is told so, and can neither speak nor show anything', async () => {
  await button(anna, 'Audio call').click()
  for (const person of [boris, vera]) {
    await person.page.getByRole('alertdialog').getByRole('button', { name: 'Accept' }).click()
    await person.page.getByText('You are listening. Raise your hand to speak.').waitFor()
    for (const name of ['Unmute microphone', 'Turn camera on', 'Share screen']) {
      await expect.poll(() => button(person, name).isDisabled(), { message: name }).toBe(true)
    }
  }
})

test('raised hands stand first for everybody, in the order in which they went up', async () => {
  await button(vera, 'Raise hand').click()
  await tile(anna, /^Vera, hand raised/).waitFor()
  await button(boris, 'Raise hand').click()
  await boris.page.getByText('Your hand is up').waitFor()
  await button(anna, 'Participants, 2 hands raised').click()
  const rows = people(anna).getByRole('listitem')
  await expect
    .poll(() => rows.evaluateAll((all) => all.map((row) => row.ariaLabel?.split(',')[0])))
    .toEqual(['Vera', 'Boris', 'You'])
  await button(vera, 'Lower hand').click()
  await button(anna, 'Participants, 1 hand raised').waitFor()
})

test('who is let speak is told so, unmutes and is heard; and no longer when that is taken back', async () => {
  await moderate('Boris', 'Let speak')
  await boris.page.getByText('You may speak now').waitFor()
  await tile(anna, /^Boris(?!.*hand raised)/).waitFor()
  await button(boris, 'Unmute microphone').click()
  await tile(anna, /^Boris(?!.*microphone off)/).waitFor()
  const borisId = await ownId(boris)
  await expect
    .poll(async () => (await perceive(anna.page, borisId, 1_000)).loudness)
    .toBeGreaterThan(0.01)
  await moderate('Boris', 'No longer let speak')
  await boris.page.getByText('You may only listen now').waitFor()
  await tile(anna, /^Boris.*microphone off/).waitFor()
  await boris.page.getByText('You are listening').waitFor()
})

test('who is muted is told by whom, and can unmute again', async () => {
  await setRules(false)
  await button(boris, 'Unmute microphone').click()
  await tile(anna, /^Boris(?!.*microphone off)/).waitFor()
  await moderate('Boris', 'Mute')
  await boris.page.getByText('Anna muted your microphone').waitFor()
  await tile(anna, /^Boris.*microphone off/).waitFor()
  await button(boris, 'Unmute microphone').click()
  await tile(anna, /^Boris(?!.*microphone off)/).waitFor()
})

test('plain members moderate nobody', async () => {
  await button(boris, 'Participants').click()
  await people(boris).getByRole('button', { name: 'Actions: Anna' }).click()
  await boris.page.getByRole('slider', { name: 'Volume: Anna' }).waitFor()
  await expect.poll(() => button(boris, 'Remove from the call').count()).toBe(0)
  await expect
    .poll(() => boris.page.getByRole('button', { name: 'Mute', exact: true }).count())
    .toBe(0)
  await boris.page.keyboard.press('Escape')
})

test('who is removed, once that is confirmed, is out and told so', async () => {
  await moderate('Vera', 'Remove from the call')
  const question = anna.page.getByRole('dialog', { name: 'Remove from the call?' })
  await question.getByText('Vera leaves the call at once').waitFor()
  await question.getByRole('button', { name: 'Remove from the call' }).click()
  await vera.page.getByText('You were removed from the call').first().waitFor()
  await tile(anna, /^Vera/).waitFor({ state: 'detached' })
})

test('the volume of one person is turned down here, and stays so', async () => {
  await people(anna).getByRole('button', { name: 'Actions: Boris' }).click()
  const slider = anna.page.getByRole('slider', { name: 'Volume: Boris' })
  await slider.fill('25')
  const borisId = await ownId(boris)
  const heard = anna.page.locator(`audio[data-user-id="${borisId}"]`)
  const volume = () => heard.evaluate((audio: HTMLAudioElement) => audio.volume)
  await expect.poll(volume).toBe(0.25)
  await anna.page.keyboard.press('Escape')
  await button(boris, 'Leave call').click()
  await tile(anna, /^Boris/).waitFor({ state: 'detached' })
  await button(boris, 'Join').first().click()
  await tile(anna, /^Boris/).waitFor()
  await expect.poll(volume).toBe(0.25)
})

test('with the sound turned off one hears nobody and is heard by nobody', async () => {
  const borisId = await ownId(boris)
  const silent = () =>
    anna.page
      .locator(`audio[data-user-id="${borisId}"]`)
      .evaluate((audio: HTMLAudioElement) => audio.muted)
  await tile(boris, /^Anna(?!.*microphone off)/).waitFor()
  await button(anna, 'Turn sound off').click()
  await expect.poll(silent).toBe(true)
  await tile(boris, /^Anna.*microphone off/).waitFor()
  await button(anna, 'Turn sound on again').click()
  await expect.poll(silent).toBe(false)
  await tile(boris, /^Anna(?!.*microphone off)/).waitFor()
})
