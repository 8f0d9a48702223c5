import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core'

/** Somebody at a browser of their own. */
export type Person = { name: string; page: Page; context: BrowserContext }

type BrowserOptions = {
  /** More arguments for it. */
  args?: readonly string[]
  /** A program that runs it, somewhere else than here. */
  through?: string
}

/** Chromium with a fake camera and microphone that nobody has to allow. */
export function openBrowser({ args = [], through }: BrowserOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: through ?? process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    args: [
      ...args,
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream=fps=15',
      '--use-fake-ui-for-media-stream',
    ],
  })
}

export const viewports = {
  wide: { width: 1440, height: 900 },
  tablet: { width: 768, height: 1024 },
  phone: { width: 390, height: 844 },
} as const

type SignUpOptions = {
  locale?: string
  viewport?: keyof typeof viewports
  /** A screen that is touched. */
  touch?: boolean
  /** Whether calls are entered by way of the preview; else this person has chosen "don't show again". */
  preview?: boolean
}

/** A new user signs up at `url` in a fresh browser profile and sees the empty list of chats. */
export async function signUp(
  browser: Browser,
  url: string,
  name: string,
  options: SignUpOptions = {},
): Promise<Person> {
  const person = await arrive(browser, url, name, options)
  const { page } = person
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.getByLabel('Username').fill(name.toLowerCase())
  await page.getByLabel('Display name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(passwordOf(name))
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.getByText('No chats yet').first().waitFor()
  return person
}

/** Somebody who has an account logs in on one more device. */
export async function logIn(
  browser: Browser,
  url: string,
  name: string,
  options: SignUpOptions = {},
): Promise<Person> {
  const person = await arrive(browser, url, name, options)
  const { page } = person
  await page.getByLabel('Username').fill(name.toLowerCase())
  await page.getByLabel('Password', { exact: true }).fill(passwordOf(name))
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('complementary', { name: 'Chats' }).waitFor()
  return person
}

/** A fresh browser profile, at the entrance. */
async function arrive(
  browser: Browser,
  url: string,
  name: string,
  { locale = 'en-US', viewport = 'wide', touch = false, preview = false }: SignUpOptions,
): Promise<Person> {
  const context = await browser.newContext({
    locale,
    viewport: viewports[viewport],
    hasTouch: touch,
    isMobile: touch,
  })
  await context.addInitScript(recordDevices)
  if (!preview) await context.addInitScript(skipPreview)
  const page = await context.newPage()
  await page.goto(url)
  return { name, page, context }
}

export const passwordOf = (name: string) => `${name}-is-my-password`

/** Find somebody by the search and open the chat with them. */
export async function openPersonalChat({ page }: Person, other: Person): Promise<void> {
  await page.getByRole('searchbox', { name: 'Find people' }).fill(other.name)
  await page
    .getByRole('complementary', { name: 'Chats' })
    .getByRole('button', { name: other.name })
    .first()
    .click()
  await page.getByRole('heading', { name: other.name }).waitFor()
}

/** Make a group through the two steps of the modal. */
export async function createGroup(
  { page }: Person,
  name: string,
  members: readonly { name: string }[],
  kind: 'Group' | 'Channel' = 'Group',
): Promise<void> {
  await page.getByRole('button', { name: 'Create group' }).first().click()
  const modal = page.getByRole('dialog')
  await modal.getByLabel('Group name').fill(name)
  if (kind === 'Channel') await modal.getByRole('radio', { name: /^Channel/ }).check()
  await modal.getByRole('button', { name: 'Next' }).click()
  for (const member of members) {
    await modal.getByRole('searchbox', { name: 'Search users' }).fill(member.name)
    // The tick is drawn over the checkbox: the row is what a person clicks.
    await modal
      .locator('label')
      .filter({ hasText: `@${member.name.toLowerCase()}` })
      .click()
  }
  await modal.getByText(`Selected: ${members.length}`).waitFor()
  await modal.getByRole('button', { name: 'Create', exact: true }).click()
  await modal.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name }).waitFor()
}

/** Open a chat of the list by its name. */
export async function openChat({ page }: Person, name: string): Promise<void> {
  await page.getByRole('complementary', { name: 'Chats' }).getByText(name).first().click()
  await page.getByRole('heading', { name }).waitFor()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
}

/** Send a message; Enter after a name that is still being completed would take the completion. */
export async function say({ page }: Person, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  await page.keyboard.press('Enter')
}

/** The messages that are on the page. */
export const history = ({ page }: Person): Locator =>
  page.getByRole('log', { name: 'Chat history' })

/** The id of the user who is signed in, read from the tile that says "You". */
export async function ownId({ page }: Person): Promise<string> {
  const tile = page.locator('[data-user-id]').filter({ hasText: 'You' }).first()
  return (await tile.getAttribute('data-user-id')) ?? ''
}

/** Somebody's tile in the call that `person` is in, by the name that a screen reader says. */
export const tile = ({ page }: Person, name: RegExp): Locator =>
  page.getByRole('list', { name: 'Call participants' }).getByRole('listitem', { name })

/** Runs in the page: as if the preview had been switched off on an earlier visit. */
function skipPreview() {
  localStorage.setItem('beseda.calls', localStorage.getItem('beseda.calls') ?? '{"preview":false}')
}

/** Runs in the page: keeps every track of a camera or microphone that was ever opened. */
function recordDevices() {
  const tracks: MediaStreamTrack[] = []
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints)
    tracks.push(...stream.getTracks())
    return stream
  }
  Object.assign(globalThis, { openedTracks: tracks })
}

/** How many cameras and microphones were opened in the page so far, and how many are on. */
export function devices({ page }: Person): Promise<{ opened: number; live: number }> {
  return page.evaluate(() => {
    const { openedTracks } = globalThis as unknown as { openedTracks: MediaStreamTrack[] }
    const live = openedTracks.filter((track) => track.readyState === 'live').length
    return { opened: openedTracks.length, live }
  })
}
