import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { perceive } from './media.ts'
import {
  createGroup,
  devices,
  openBrowser,
  openChat,
  openPersonalChat,
  ownId,
  type Person,
  signUp,
  tile,
} from './people.ts'

const beseda = useBeseda()
let browser: Browser
let anna: Person
let boris: Person

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna', { preview: true })
  boris = await signUp(browser, beseda().url, 'Boris')
  for (const { page } of [anna, boris]) page.setDefaultTimeout(15_000)
  await createGroup(anna, 'Garden', [boris])
})
afterAll(() => browser.close())

const dialog = ({ page }: Person, name: string | RegExp) => page.getByRole('dialog', { name })

/** What the devices were asked for last, in the page. */
const lastAsked = (page: Page) =>
  page.evaluate(() => {
    const { asked } = globalThis as unknown as { asked: MediaStreamConstraints[] }
    return asked.at(-1)
  })

/** Have every device of a kind refused in the page with this error, or never answered. */
const refuse = (page: Page, kind: 'audio' | 'video', error: string | null) =>
  page.evaluate(
    ({ kind, error }) => {
      const media = navigator.mediaDevices
      const open = MediaDevices.prototype.getUserMedia.bind(media)
      media.getUserMedia = (wanted) => {
        if (!wanted?.[kind]) return open(wanted)
        if (error === null) return new Promise(() => {})
        return Promise.reject(new DOMException('refused by the test', error))
      }
    },
    { kind, error },
  )

const allow = (page: Page) =>
  page.evaluate(() => Reflect.deleteProperty(navigator.mediaDevices, 'getUserMedia'))

async function hangUp(person: Person) {
  await person.page.getByRole('button', { name: 'Leave call' }).click()
  await dialog(person, /^Call: /).waitFor({ state: 'detached' })
}

test('before a call in a group one sees oneself and the level of the microphone', async () => {
  await anna.page.getByRole('button', { name: 'Video call' }).click()
  const preview = dialog(anna, 'Garden')
  const video = preview.locator('video')
  await video.waitFor()
  await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.videoWidth)).toBeGreaterThan(0)
  const meter = preview.getByRole('meter', { name: 'Microphone level' })
  await expect.poll(() => meter.evaluate((m: HTMLMeterElement) => m.value)).toBeGreaterThan(0.2)
  // Nobody is called before one says so, and whoever thinks better of it leaves nothing on.
  await expect.poll(() => boris.page.getByRole('alertdialog').count()).toBe(0)
  await preview.getByRole('button', { name: 'Close' }).click()
  await preview.waitFor({ state: 'detached' })
  await expect.poll(async () => (await devices(anna)).live).toBe(0)
})

test('one joins as the preview stood: muted, without camera', async () => {
  await anna.page.getByRole('button', { name: 'Video call' }).click()
  const preview = dialog(anna, 'Garden')
  await preview.getByRole('button', { name: 'Mute microphone' }).click()
  await preview.getByRole('button', { name: 'Turn camera off' }).click()
  await preview.locator('video').waitFor({ state: 'detached' })
  await preview.getByRole('button', { name: 'Start call' }).click()
  await boris.page.getByRole('alertdialog').getByRole('button', { name: 'Accept' }).click()
  await tile(boris, /^Anna.*microphone off.*camera off/).waitFor()
  await expect.poll(async () => (await devices(anna)).live).toBe(0)
  await anna.page.getByRole('button', { name: 'Unmute microphone' }).click()
  await tile(boris, /^Anna(?!.*microphone off)/).waitFor()
})

test('another microphone and camera are taken during the call, and others go on seeing and hearing', async () => {
  const annaId = await ownId(anna)
  await anna.page.evaluate(() => {
    const asked: MediaStreamConstraints[] = []
    const open = MediaDevices.prototype.getUserMedia.bind(navigator.mediaDevices)
    navigator.mediaDevices.getUserMedia = (wanted) => {
      if (wanted) asked.push(wanted)
      return open(wanted)
    }
    Object.assign(globalThis, { asked })
  })
  await anna.page.getByRole('button', { name: 'Choose microphone and speaker' }).click()
  const menu = anna.page.getByRole('menu')
  await menu.getByRole('menuitemradio', { name: 'Fake Audio Input 2' }).click()
  await expect
    .poll(async () => (await lastAsked(anna.page))?.audio)
    .toMatchObject({ deviceId: { exact: expect.any(String) } })
  await anna.page.getByRole('button', { name: 'Turn camera on' }).click()
  await boris.page.locator(`video[data-user-id="${annaId}"]`).waitFor()
  await anna.page.getByRole('button', { name: 'Choose camera' }).click()
  await menu.getByRole('menuitemradio', { name: /^fake_device_0/ }).click()
  await expect
    .poll(async () => (await lastAsked(anna.page))?.video)
    .toMatchObject({ deviceId: { exact: expect.any(String) } })
  await expect
    .poll(async () => {
      const { frames, loudness } = await perceive(boris.page, annaId, 1_500)
      return frames > 5 && loudness > 0.01
    })
    .toBe(true)
  // One microphone and one camera: those that were given up are off.
  await expect.poll(async () => (await devices(anna)).live).toBeLessThanOrEqual(2)
})

test('the choice of a speaker sounds there', async () => {
  await anna.page.getByRole('button', { name: 'Choose microphone and speaker' }).click()
  await anna.page.getByRole('menuitemradio', { name: 'Fake Audio Output 2' }).click()
  await expect
    .poll(() =>
      anna.page
        .locator('audio[data-source="microphone"]')
        .evaluate((a: HTMLAudioElement) => a.sinkId),
    )
    .not.toBe('')
})

test('the choices are remembered', async () => {
  await hangUp(anna)
  await hangUp(boris)
  await anna.page.reload()
  await openChat(anna, 'Garden')
  await anna.page.getByRole('button', { name: 'Video call' }).click()
  const preview = dialog(anna, 'Garden')
  await preview.locator('video').waitFor()
  const chosen = preview.getByLabel('Microphone', { exact: true }).locator('option:checked')
  await chosen.filter({ hasText: 'Fake Audio Input 2' }).waitFor({ state: 'attached' })
})

test('"don’t show again" goes straight to the call the next time', async () => {
  const preview = dialog(anna, 'Garden')
  await preview.getByRole('switch', { name: 'Don’t show this again' }).check()
  await preview.getByRole('button', { name: 'Close' }).click()
  await anna.page.getByRole('button', { name: 'Audio call' }).click()
  await anna.page.getByRole('toolbar', { name: 'Call controls' }).waitFor()
  await hangUp(anna)
})

test('a microphone that is unplugged gives way to another one, with a word', async () => {
  await openPersonalChat(anna, boris)
  await anna.page.getByRole('button', { name: 'Audio call' }).click()
  await boris.page.getByRole('alertdialog').getByRole('button', { name: 'Accept' }).click()
  await tile(boris, /^Anna(?!.*microphone off)/).waitFor()
  const annaId = await ownId(anna)
  const unplug = () =>
    anna.page.evaluate(() => {
      const { openedTracks } = globalThis as unknown as { openedTracks: MediaStreamTrack[] }
      const track = openedTracks.findLast(({ kind }) => kind === 'audio')
      track?.stop()
      track?.dispatchEvent(new Event('ended'))
    })
  await unplug()
  await anna.page.getByText('Another one is in use now').waitFor()
  await expect
    .poll(async () => (await perceive(boris.page, annaId, 1_000)).loudness)
    .toBeGreaterThan(0.01)

  await refuse(anna.page, 'audio', 'NotFoundError')
  await unplug()
  const notice = anna.page.getByRole('alert').filter({ hasText: 'The microphone was unplugged' })
  await notice.waitFor()
  await tile(boris, /^Anna.*microphone off/).waitFor()
  await allow(anna.page)
  await notice.getByRole('button', { name: 'Try again' }).click()
  await notice.waitFor({ state: 'detached' })
  await tile(boris, /^Anna(?!.*microphone off)/).waitFor()
  await hangUp(anna)
})

test.each([
  ['NotAllowedError', 'There is no access to the microphone'],
  ['NotFoundError', 'No microphone was found'],
  ['NotReadableError', 'Another program is using the microphone'],
  [null, 'The browser asks about the microphone'],
])('a microphone that fails with %s is named, and one can listen', async (error, sentence) => {
  await refuse(anna.page, 'audio', error)
  await anna.page.getByRole('button', { name: 'Audio call' }).click()
  const notice = anna.page.getByRole('alert').filter({ hasText: sentence })
  await notice.waitFor({ timeout: 15_000 })
  await notice.getByRole('button', { name: 'Only listen' }).click()
  await notice.waitFor({ state: 'detached' })
  await boris.page.getByRole('alertdialog').getByRole('button', { name: 'Accept' }).click()
  await tile(anna, /^Boris/).waitFor()
  await tile(boris, /^Anna.*microphone off/).waitFor()
  const borisId = await ownId(boris)
  await expect
    .poll(async () => (await perceive(anna.page, borisId, 1_000)).loudness)
    .toBeGreaterThan(0.01)
  await hangUp(anna)
  await allow(anna.page)
})

test('the connection is tried, way by way, and nothing stays open', async () => {
  const lit = (await devices(anna)).live
  await anna.page.getByRole('button', { name: 'Menu', exact: true }).click()
  await anna.page.getByRole('button', { name: 'Voice and video' }).click()
  const settings = dialog(anna, 'Voice and video')
  await settings.getByRole('button', { name: 'Check my connection' }).click()
  await settings.getByText('Everything works. Calls will go through.').waitFor()
  const steps = await settings.locator('.preflight__step').allInnerTexts()
  expect(steps.map((text) => text.replaceAll('\n', ' '))).toEqual([
    'Server Works',
    'Messages as they come Works',
    'Call server Works',
    'Sound and picture (UDP) Works',
    'Sound and picture by the detour (TCP) Works',
    'Sound and picture through the relay (TURN) There is none',
    'Microphone Works',
    'Camera Works',
  ])
  await expect.poll(async () => (await devices(anna)).live).toBe(lit)
  await settings.getByRole('button', { name: 'Close' }).click()
})

test('strong noise suppression runs from our own origin and is heard', async () => {
  const complaints: string[] = []
  anna.page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
  await anna.page.getByRole('button', { name: 'Menu', exact: true }).click()
  await anna.page.getByRole('button', { name: 'Voice and video' }).click()
  const settings = dialog(anna, 'Voice and video')
  await settings.getByLabel('Noise suppression').selectOption('Strong')
  await settings.getByRole('button', { name: 'Close' }).click()
  const nodes = anna.page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const add = AudioWorklet.prototype.addModule
        AudioWorklet.prototype.addModule = function (url, options) {
          resolve(new URL(url, location.href).origin)
          return add.call(this, url, options)
        }
      }),
  )
  await anna.page.getByRole('button', { name: 'Audio call' }).click()
  await boris.page.getByRole('alertdialog').getByRole('button', { name: 'Accept' }).click()
  await tile(boris, /^Anna(?!.*microphone off)/).waitFor()
  expect(await nodes).toBe(new URL(beseda().url).origin)
  const annaId = await ownId(anna)
  // The fake microphone beeps: loud enough that what is left of it is heard.
  await expect
    .poll(async () => (await perceive(boris.page, annaId, 2_000)).loudness)
    .toBeGreaterThan(0.0005)
  await hangUp(anna)
  await expect.poll(async () => (await devices(anna)).live).toBe(0)
  expect(complaints).toEqual([])
})
