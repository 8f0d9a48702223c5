import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { attach, drag, film, noise, picture, type Sample, sound, throttle } from './files.ts'
import { createGroup, history, openBrowser, openChat, type Person, say, signUp } from './people.ts'

const megabyte = 1024 * 1024
const beseda = useBeseda({ FILE_MAX_MB: '3' })
let browser: Browser
let anna: Person
let boris: Person

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  boris = await signUp(browser, beseda().url, 'Boris')
  await createGroup(anna, 'Pictures', [boris])
  await createGroup(anna, 'Elsewhere', [boris])
  await openChat(anna, 'Pictures')
  await openChat(boris, 'Pictures')
})
afterAll(() => browser.close())

const tray = ({ page }: Person) => page.getByRole('region', { name: 'Files to send' })
const inTray = (person: Person, name: string) =>
  tray(person).getByRole('listitem').filter({ hasText: name })
const send = ({ page }: Person) => page.getByRole('button', { name: 'Send', exact: true })
const composer = ({ page }: Person) => page.getByRole('textbox', { name: 'Message' })
const shown = (person: Person, name: string) =>
  history(person).getByRole('button', { name, exact: true }).last()
/** The message that carries a picture. */
const holding = (person: Person, name: string) =>
  history(person)
    .getByRole('article')
    .filter({ has: person.page.getByRole('button', { name, exact: true }) })
const viewer = ({ page }: Person) => page.getByRole('dialog', { name: 'Photos' })

/** How wide the picture is that the browser has decoded; 0 while it has none. */
const decodedWidth = (person: Person, name: string) =>
  shown(person, name)
    .locator('img')
    .evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0))

const uploaded = (person: Person, name: string) =>
  inTray(person, name).getByRole('progressbar').waitFor({ state: 'detached' })

/** What the server holds of a message's file. */
const fileId = async (person: Person, name: string) => {
  const source = await shown(person, name).locator('img').getAttribute('src')
  return /files\/([\w-]+)/.exec(source ?? '')?.[1] ?? ''
}

const statusOf = ({ page }: Person, path: string) =>
  page.evaluate(async (url) => (await fetch(url)).status, path)

test('two pictures are picked, captioned and sent; the other sees them, quotes them, opens them', async () => {
  const samples = [await picture(anna.page, 'sea.jpg'), await picture(anna.page, 'hill.png')]
  await attach(anna, ...samples)
  for (const { name } of samples) await uploaded(anna, name)
  await composer(anna).fill('From the **sea**')
  await composer(anna).press('Enter')
  await tray(anna).waitFor({ state: 'detached' })
  for (const { name } of samples) {
    await expect.poll(() => decodedWidth(boris, name)).toBeGreaterThan(0)
  }
  await history(boris).locator('strong').getByText('sea').waitFor()
  const list = boris.page.getByRole('complementary', { name: 'Chats' })
  await list.getByText('Anna: 2 photos · From the sea').waitFor()

  await shown(boris, 'sea.jpg').click()
  await viewer(boris).getByRole('img', { name: 'sea.jpg' }).waitFor()
  await viewer(boris).getByText('1 of 2').waitFor()
  await boris.page.keyboard.press('ArrowRight')
  const large = viewer(boris).getByRole('img', { name: 'hill.png' })
  await expect
    .poll(() => large.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBe(800)
  await viewer(boris).getByRole('button', { name: 'Enlarge' }).click()
  await expect
    .poll(async () => (await large.boundingBox())?.width)
    .toBeGreaterThan(boris.page.viewportSize()?.width ?? 0)
  const saving = boris.page.waitForEvent('download')
  await viewer(boris).getByRole('link', { name: 'Download: hill.png' }).click()
  expect((await saving).suggestedFilename()).toBe('hill.png')
  await boris.page.keyboard.press('Escape')
  await viewer(boris).waitFor({ state: 'detached' })
  await expect
    .poll(() => shown(boris, 'sea.jpg').evaluate((one) => one === document.activeElement))
    .toBe(true)
})

test('a message of a picture alone is quoted and listed in a word, and takes a caption later', async () => {
  await attach(boris, await picture(boris.page, 'alone.jpg', 300, 900))
  await uploaded(boris, 'alone.jpg')
  await send(boris).click()
  await expect.poll(() => decodedWidth(anna, 'alone.jpg')).toBeGreaterThan(0)
  const message = holding(anna, 'alone.jpg')
  await message.getByRole('button', { name: 'Message actions' }).press('Enter')
  await expect.poll(() => anna.page.getByRole('menuitem', { name: 'Copy text' }).count()).toBe(0)
  await anna.page.getByRole('menuitem', { name: 'Reply', exact: true }).click()
  await anna.page.locator('.writing-bar').getByText('Photo', { exact: true }).waitFor()
  await say(anna, 'Well taken')
  await history(boris).locator('.quote').getByText('Photo', { exact: true }).waitFor()

  await composer(boris).press('ArrowUp')
  await boris.page.getByText('Editing the message').waitFor()
  await composer(boris).fill('A tower')
  await composer(boris).press('Enter')
  await history(anna).getByText('A tower').first().waitFor()
  // Others may see it before the one who wrote it has the answer.
  await boris.page.getByText('Editing the message').waitFor({ state: 'detached' })
  await composer(boris).press('ArrowUp')
  await boris.page.getByText('Editing the message').waitFor()
  await composer(boris).fill('')
  await composer(boris).press('Enter')
  await history(anna).locator('.message__body').getByText('A tower').waitFor({ state: 'detached' })
  await shown(anna, 'alone.jpg').waitFor()
})

test('files are dropped on the chat and pasted into it', async () => {
  const { drop, over } = await drag(anna, [await picture(anna.page, 'dropped.png')])
  await over(900, 300)
  await anna.page.getByText('Drop the files here').waitFor()
  await drop(900, 300)
  await anna.page.getByText('Drop the files here').waitFor({ state: 'detached' })
  await uploaded(anna, 'dropped.png')

  const origin = new URL(beseda().url).origin
  await anna.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin })
  await anna.page.evaluate(async () => {
    const canvas = new OffscreenCanvas(64, 64)
    canvas.getContext('2d')?.fillRect(0, 0, 32, 32)
    const blob = await canvas.convertToBlob({ type: 'image/png' })
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })])
  })
  await composer(anna).press('Control+V')
  await uploaded(anna, 'image.png')
  await send(anna).click()
  await expect.poll(() => decodedWidth(boris, 'dropped.png')).toBeGreaterThan(0)
  await expect.poll(() => decodedWidth(boris, 'image.png')).toBeGreaterThan(0)
})

test('progress is seen, an upload is taken out and put back, and a message waits for its files', async () => {
  const lift = await throttle(anna, 150_000)
  await attach(anna, noise('slow.bin', megabyte), noise('second.bin', megabyte))
  const bar = inTray(anna, 'slow.bin').getByRole('progressbar', { name: 'Uploading: slow.bin' })
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0)
  expect(Number(await bar.getAttribute('aria-valuenow'))).toBeLessThan(100)
  const asked = anna.page.waitForEvent('dialog')
  await anna.page.evaluate(() => void setTimeout(() => location.reload()))
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()

  await anna.page.getByRole('button', { name: 'Remove: second.bin' }).click()
  await inTray(anna, 'second.bin').waitFor({ state: 'detached' })
  await anna.page.getByRole('button', { name: 'Undo' }).click()
  await inTray(anna, 'second.bin').waitFor()
  await anna.page.getByRole('button', { name: 'Remove: second.bin' }).click()

  await composer(anna).fill('Wait for it')
  await composer(anna).press('Enter')
  const waiting = anna.page.getByRole('list', { name: 'Messages that wait for their files' })
  await waiting.getByText('slow.bin · Wait for it').waitFor()
  await anna.page.getByRole('button', { name: 'Don’t send yet' }).click()
  await expect.poll(() => composer(anna).inputValue()).toBe('Wait for it')
  await inTray(anna, 'slow.bin').waitFor()
  await composer(anna).press('Enter')
  await say(anna, 'Words need not wait')
  await history(boris).getByText('Words need not wait').waitFor()
  await expect.poll(() => history(boris).getByText('Wait for it').count()).toBe(0)

  // It goes into its own chat while another is open, whose tray is its own.
  await openChat(anna, 'Elsewhere')
  await expect.poll(() => waiting.count()).toBe(0)
  await attach(anna, noise('other.bin', 2_000))
  await lift()
  await history(boris).getByText('Wait for it').waitFor({ timeout: 30_000 })
  await openChat(anna, 'Pictures')
  await expect.poll(() => tray(anna).count()).toBe(0)
  await openChat(anna, 'Elsewhere')
  await uploaded(anna, 'other.bin')
  await anna.page.getByRole('button', { name: 'Remove: other.bin' }).click()
  await openChat(anna, 'Pictures')
})

test('what can’t be sent says why', async () => {
  const posts: string[] = []
  const count = (request: { method(): string; url(): string }) =>
    request.method() === 'POST' && request.url().includes('/api/files') && posts.push(request.url())
  anna.page.on('request', count)
  await attach(anna, noise('large.bin', 3 * megabyte + 1), noise('empty.bin', 0))
  await inTray(anna, 'large.bin').getByText('Larger than 3 MB').waitFor()
  await inTray(anna, 'empty.bin').getByText('The file is empty.').waitFor()
  expect(posts).toEqual([])
  await attach(anna, { ...noise('disguised.png', 5_000), mimeType: 'image/png' })
  await inTray(anna, 'disguised.png').getByText('What is in the file is not what').waitFor()
  expect(posts).toHaveLength(1)
  await expect.poll(() => send(anna).isDisabled()).toBe(true)

  await anna.context.setOffline(true)
  await attach(anna, noise('later.bin', 2_000))
  await inTray(anna, 'later.bin').getByText('There is no connection').waitFor()
  await anna.context.setOffline(false)
  await anna.page.getByRole('button', { name: 'Try again: later.bin' }).click()
  await uploaded(anna, 'later.bin')
  for (const name of ['large.bin', 'empty.bin', 'disguised.png', 'later.bin']) {
    await anna.page.getByRole('button', { name: `Remove: ${name}` }).click()
  }
  await tray(anna).waitFor({ state: 'detached' })
  anna.page.off('request', count)

  const many = Array.from({ length: 12 }, (_, n) => noise(`many-${n}.bin`, 100))
  await attach(anna, ...many)
  await anna.page.getByText('A message carries up to 10 files').waitFor()
  await expect.poll(() => tray(anna).getByRole('listitem').count()).toBe(10)
  await expect.poll(() => tray(anna).getByRole('progressbar').count()).toBe(0)
  await send(anna).click()
  await history(boris).getByRole('link', { name: 'Download: many-9.bin' }).waitFor()
  await expect
    .poll(() => history(boris).getByRole('link', { name: 'Download: many-10.bin' }).count())
    .toBe(0)
})

test('whoever may only read can neither pick, nor drop, nor paste files', async () => {
  await createGroup(anna, 'News', [boris], 'Channel')
  await boris.page.getByRole('link', { name: /^News/ }).click()
  await boris.page.getByText('Only administrators can write here').waitFor()
  const posts: string[] = []
  boris.page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()))
  const { over, drop } = await drag(boris, [noise('unwanted.bin', 500)])
  await over(900, 300)
  await drop(900, 300)
  await boris.page.evaluate(() => {
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File(['x'], 'pasted.txt'))
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }))
  })
  await expect.poll(() => boris.page.getByText('Drop the files here').count()).toBe(0)
  await expect.poll(() => boris.page.getByRole('button', { name: 'Attach files' }).count()).toBe(0)
  // The page is still there: the browser did not open the file in its place.
  await openChat(boris, 'Pictures')
  expect(posts).toEqual([])
  await openChat(anna, 'Pictures')
})

test('a film and a sound play, and a file is saved with the same bytes', async () => {
  const file = noise('данные "raw".bin', 200_000)
  const clip = await film(anna.page, 'waves.webm')
  await attach(anna, clip, sound('gulls.wav'), file)
  for (const name of ['waves.webm', 'gulls.wav', '.bin']) await uploaded(anna, name)
  await send(anna).click()
  for (const name of ['waves.webm', 'gulls.wav']) {
    const player = history(boris).locator(`:is(video, audio)[aria-label="${name}"]`)
    await player.waitFor()
    await player.evaluate((media) => (media as HTMLMediaElement).play())
    await expect
      .poll(() => player.evaluate((media) => (media as HTMLMediaElement).currentTime))
      .toBeGreaterThan(0.3)
  }
  const saving = boris.page.waitForEvent('download')
  await history(boris)
    .getByRole('link', { name: /^Download: данные/ })
    .click()
  const download = await saving
  expect(download.suggestedFilename()).toMatch(/^данные.*raw.*\.bin$/)
  expect((await readFile(await download.path())).equals(file.buffer)).toBe(true)
})

test('with the keyboard alone: attach, take out, send, look and come back', async () => {
  const { page } = anna
  const { keyboard } = page
  const focused = () =>
    page.evaluate(() => {
      const at = document.activeElement
      return (
        at?.getAttribute('aria-label') ?? at?.querySelector(':scope > img')?.getAttribute('alt')
      )
    })
  const tabTo = async (name: string, key = 'Tab') => {
    for (let presses = 0; presses < 60; presses++) {
      if ((await focused()) === name) return
      await keyboard.press(key)
    }
    throw new Error(`${key} never reached ${name}`)
  }
  // Listened for before the key: the browser must know by then that nobody sees its dialog.
  const choosing = page.waitForEvent('filechooser')
  await composer(anna).focus()
  await tabTo('Attach files', 'Shift+Tab')
  await keyboard.press('Enter')
  await (await choosing).setFiles([
    noise('unwanted.bin', 500),
    await picture(page, 'keys-1.jpg'),
    await picture(page, 'keys-2.jpg'),
  ])
  await uploaded(anna, 'keys-2.jpg')
  await tabTo('Remove: unwanted.bin', 'Shift+Tab')
  await keyboard.press('Enter')
  // The focus goes on to what took its place.
  await expect.poll(focused).toBe('Remove: keys-1.jpg')
  await tabTo('Message')
  await keyboard.press('Enter')
  await shown(anna, 'keys-2.jpg').waitFor()
  await shown(anna, 'keys-1.jpg').focus()
  await keyboard.press('Enter')
  await viewer(anna).waitFor()
  await keyboard.press('ArrowRight')
  await viewer(anna).getByText('2 of 2').waitFor()
  await tabTo('Enlarge')
  await keyboard.press('Space')
  await viewer(anna).getByRole('button', { name: 'Fit to the screen' }).waitFor()
  await keyboard.press('Escape')
  await viewer(anna).waitFor({ state: 'detached' })
  await expect.poll(focused).toBe('keys-1.jpg')
})

const mark = 'window.__xss = 1; window.parent.__xss = 1'
const long = `${'х'.repeat(230)}.txt`
const hostile: Sample[] = [
  {
    name: 'drawing.svg',
    mimeType: 'image/svg+xml',
    buffer: Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" onload="${mark}"><script>${mark}</script></svg>`,
    ),
  },
  {
    name: 'page.html',
    mimeType: 'text/html',
    buffer: Buffer.from(`<!doctype html><img src=x onerror="${mark}"><script>${mark}</script>`),
  },
  {
    name: 'both.js',
    mimeType: 'text/javascript',
    buffer: Buffer.from(`GIF89a/*${'\u0000'.repeat(20)}*/=1;${mark}`, 'latin1'),
  },
  { ...noise('x', 90), name: '<img src=x onerror="window.__xss=1">.txt', mimeType: 'text/plain' },
  { ...noise('x', 91), name: `"'\`quotes\`'".txt`, mimeType: 'text/plain' },
  { ...noise('x', 92), name: 'harmless\u202Etxt.exe', mimeType: 'text/plain' },
  { ...noise('x', 93), name: long, mimeType: 'text/plain' },
]

/** Everything that a page could be tricked into, noted. */
async function watch(page: Page): Promise<string[]> {
  const seen: string[] = []
  page.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.exposeFunction('reportViolation', (what: string) => seen.push(what))
  await page.evaluate(() => {
    const { reportViolation } = globalThis as unknown as { reportViolation(what: string): void }
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      reportViolation(`${violatedDirective} ${blockedURI}`),
    )
  })
  return seen
}

test('nothing runs of what is sent to do harm', async () => {
  const seen = await watch(boris.page)
  await attach(anna, ...hostile)
  await expect.poll(() => tray(anna).getByRole('listitem').count()).toBe(hostile.length)
  await expect.poll(() => tray(anna).getByRole('progressbar').count()).toBe(0)
  // A GIF that is a script as well may be taken or refused; the others are plain files.
  const refused = inTray(anna, 'both.js').getByRole('alert')
  if (await refused.count()) {
    await anna.page.getByRole('button', { name: 'Remove: both.js' }).click()
  }
  await composer(anna).fill('Look at these')
  await send(anna).click()
  const message = history(boris).getByRole('article').filter({ hasText: 'Look at these' })
  await message.getByRole('link', { name: /drawing\.svg/ }).waitFor()
  const links = message.getByRole('link')
  const count = await links.count()
  expect(count).toBeGreaterThanOrEqual(hostile.length - 1)
  await expect.poll(() => message.locator('img, script, iframe, svg[onload]').count()).toBe(0)
  const text = (await message.textContent()) ?? ''
  expect(text).toContain('<img src=x onerror=')
  expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/)

  const tab = await boris.context.newPage()
  const tabSeen = await watch(tab)
  for (let at = 0; at < count; at++) {
    const path = ((await links.nth(at).getAttribute('href')) ?? '').split('?')[0]
    const url = new URL(path ?? '', beseda().url).href
    const saving = tab.waitForEvent('download')
    // A download ends the navigation.
    await tab.goto(url).catch(() => null)
    const download = await saving
    expect(download.suggestedFilename().length).toBeLessThanOrEqual(200)
    expect(download.suggestedFilename()).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/)
    expect(tab.url()).toBe('about:blank')
    const policy = await boris.page.evaluate(
      async (file) => (await fetch(file)).headers.get('content-security-policy'),
      url,
    )
    expect(policy).toContain('sandbox')
  }
  await tab.close()
  for (const page of [anna.page, boris.page]) {
    await expect.poll(() => page.evaluate(() => '__xss' in globalThis)).toBe(false)
  }
  expect([...seen, ...tabSeen]).toEqual([])
})

test('who is removed has the chat closed and gets its files no more; a deleted message takes its files', async () => {
  await attach(anna, await picture(anna.page, 'gone.jpg'))
  await uploaded(anna, 'gone.jpg')
  await send(anna).click()
  await expect.poll(() => decodedWidth(boris, 'gone.jpg')).toBeGreaterThan(0)
  await attach(anna, await picture(anna.page, 'kept.jpg'))
  await uploaded(anna, 'kept.jpg')
  await send(anna).click()
  await expect.poll(() => decodedWidth(boris, 'kept.jpg')).toBeGreaterThan(0)
  const gone = `/api/files/${await fileId(boris, 'gone.jpg')}`
  const kept = `/api/files/${await fileId(boris, 'kept.jpg')}`
  await expect.poll(() => statusOf(boris, gone)).toBe(200)

  const message = holding(anna, 'gone.jpg')
  await message.getByRole('button', { name: 'Message actions' }).press('Enter')
  await anna.page.getByRole('menuitem', { name: 'Delete', exact: true }).click()
  await history(boris).getByText('Message deleted').waitFor()
  await expect.poll(() => statusOf(boris, gone)).toBe(404)

  await shown(boris, 'kept.jpg').click()
  await viewer(boris).waitFor()
  await anna.page.getByRole('button', { name: 'Members', exact: true }).click()
  await anna.page.getByRole('button', { name: 'Actions: Boris' }).press('Enter')
  await anna.page.getByRole('menuitem', { name: 'Remove from the group' }).click()
  const confirm = anna.page.getByRole('dialog', { name: 'Remove this member?' })
  await confirm.getByRole('button', { name: 'Remove from the group' }).click()
  await boris.page.getByText('removed you from “Pictures”').waitFor()
  await viewer(boris).waitFor({ state: 'detached' })
  await expect.poll(() => composer(boris).count()).toBe(0)
  await expect.poll(() => statusOf(boris, kept)).toBe(404)
  await expect.poll(() => statusOf(anna, kept)).toBe(200)
})
