import { type Client, createClient } from '@beseda/client/client'
import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { history, openBrowser, openChat, type Person, passwordOf, signUp } from './people.ts'
import { findUser, lines, makeVoice, type Voice, write } from './voice.ts'

const beseda = useBeseda()
let browser: Browser
let anna: Person
let boris: Voice
let chatId = ''
let annaId = ''
/** Anna once more, without a screen. */
let annaHere: Client

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  anna.page.setDefaultTimeout(15_000)
  boris = await makeVoice(beseda().url, 'Boris')
  annaId = await findUser(boris, 'Anna')
  annaHere = createClient({ url: beseda().url })
  await annaHere.session.login({ username: 'anna', password: passwordOf('Anna') })
  chatId = await newChat('Long talk')
  await write(boris, chatId, lines(1, 300))
})
afterAll(async () => {
  await boris.client.close()
  await annaHere.close()
  await browser.close()
})

async function newChat(name: string): Promise<string> {
  const { id } = await boris.client.rest.createChat({
    type: 'group',
    name,
    memberIds: [annaId],
  })
  return id
}

const scroller = () => anna.page.locator('.message-list__scroll')
const row = (n: number): Locator =>
  history(anna)
    .getByRole('listitem')
    .filter({ hasText: new RegExp(`line ${n}\\b`) })
const rowsOnPage = () => history(anna).getByRole('listitem').count()
const topOf = (one: Locator) => one.evaluate((element) => element.getBoundingClientRect().top)
const distanceFromEnd = () =>
  scroller().evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight)
const scrollBy = (pixels: number) => scroller().evaluate((box, by) => box.scrollBy(0, by), pixels)

/** Wait until nothing has moved for a while. */
async function rest(): Promise<void> {
  await anna.page.evaluate(async () => {
    const box = document.querySelector('.message-list__scroll')
    let last = ''
    for (let calm = 0; calm < 12; ) {
      await new Promise(requestAnimationFrame)
      const rows = [...document.querySelectorAll('li[data-index]')]
      const now = rows.map((one) => one.getBoundingClientRect().top).join() + box?.scrollHeight
      calm = now === last ? calm + 1 : 0
      last = now
    }
  })
}

/** The first message that is whole in view, and how high it stands. */
async function reading(): Promise<{ seq: string; top: number }> {
  return anna.page.evaluate(() => {
    const box = document.querySelector('.message-list__scroll')?.getBoundingClientRect()
    const rows = [...document.querySelectorAll<HTMLElement>('li[data-seq]')]
    const first = rows.find((one) => one.getBoundingClientRect().top >= (box?.top ?? 0))
    return { seq: first?.dataset.seq ?? '', top: first?.getBoundingClientRect().top ?? 0 }
  })
}

/** Watch one message on the screen, every frame, while something happens: how far did it ever move? */
async function drift(what: () => Promise<unknown>): Promise<number> {
  await rest()
  const { seq, top } = await reading()
  const watched = anna.page.evaluate(
    ({ seq, top }) =>
      new Promise<number>((resolve) => {
        let most = 0
        // What an observer is told first is what this frame paints, not what stood before its layout was settled.
        const look = () => {
          const observer = new IntersectionObserver(([entry]) => {
            observer.disconnect()
            if (one?.isConnected)
              most = Math.max(most, Math.abs((entry?.boundingClientRect.top ?? 0) - top))
            if (document.body.dataset.watched === 'enough') {
              delete document.body.dataset.watched
              resolve(most)
            } else requestAnimationFrame(look)
          })
          const one = document.querySelector(`li[data-seq="${seq}"]`)
          if (!one) most = 10_000
          observer.observe(one ?? document.body)
        }
        look()
      }),
    { seq, top },
  )
  await what()
  await rest()
  await anna.page.evaluate(() => {
    document.body.dataset.watched = 'enough'
  })
  return watched
}

const lastInView = () =>
  anna.page.evaluate(() => {
    const bottom = document.querySelector('.message-list__scroll')?.getBoundingClientRect().bottom
    const rows = [...document.querySelectorAll<HTMLElement>('li[data-seq]')]
    const whole = rows.filter((one) => one.getBoundingClientRect().bottom <= (bottom ?? 0) + 2)
    return Math.max(0, ...whole.map((one) => Number(one.dataset.seq)))
  })

const wheel = async (pixels: number) => {
  await scroller().hover({ position: { x: 20, y: 200 } })
  await anna.page.mouse.wheel(0, pixels)
}

/** Open the long talk anew, at its end. */
async function openAtEnd() {
  await anna.page.reload()
  await openChat(anna, 'Long talk')
  await rest()
  const { lastSeq } = await annaHere.rest.chat(chatId)
  const latest = anna.page.getByRole('button', { name: 'Jump to latest' })
  if ((await latest.count()) > 0) await latest.click()
  await history(anna).locator(`li[data-seq="${lastSeq}"]`).waitFor()
  await latest.waitFor({ state: 'detached' })
  await rest()
}

/** Stand in the middle of several pages of the long talk. */
async function readInTheMiddle() {
  await openAtEnd()
  await scrollBy(-2_500)
  await rest()
  await scrollBy(-1_500)
  await rest()
}

test.for([0, 5, 60, 400])(
  'a chat with %i unread messages opens where they begin',
  async (unread) => {
    const name = `With ${unread} unread`
    const id = await newChat(name)
    const read = (await write(boris, id, lines(1, 80))).at(-1) ?? 0
    await annaHere.rest.markRead(id, read)
    await write(boris, id, lines(81, 80 + unread))
    await openChat(anna, name)
    await rest()
    const line = history(anna).getByText('New messages')
    const readSeq = async () => (await annaHere.rest.chat(id)).self.readSeq
    if (unread === 0) {
      await expect.poll(() => line.count()).toBe(0)
      await expect.poll(distanceFromEnd).toBeLessThan(2)
      return
    }
    const box = await scroller().boundingBox()
    const at = ((await topOf(line)) - (box?.y ?? 0)) / (box?.height ?? 1)
    expect(at).toBeGreaterThan(0)
    if (unread > 5) expect(at).toBeGreaterThan(0.25)
    if (unread > 5) expect(at).toBeLessThan(0.45)
    await expect.poll(readSeq).toBe(await lastInView())
    if (unread === 5) return
    expect(await readSeq()).toBeLessThan(read + 40)
    await wheel(700)
    await rest()
    await expect.poll(readSeq).toBe(await lastInView())
    const latest = anna.page.getByRole('button', { name: 'Jump to latest' })
    await expect.poll(() => latest.textContent()).toBe(String(read + unread - (await lastInView())))
    await latest.click()
    await row(80 + unread).waitFor()
    await expect.poll(distanceFromEnd).toBeLessThan(2)
    await expect.poll(readSeq).toBe(read + unread)
    await latest.waitFor({ state: 'detached' })
  },
)

test('however far one scrolls, the page holds a bounded number of rows', async () => {
  await openAtEnd()
  let most = 0
  for (let turn = 0; turn < 200 && (await row(1).count()) === 0; turn++) {
    await wheel(-1_200)
    await anna.page.waitForTimeout(30)
    most = Math.max(most, await rowsOnPage())
  }
  await row(1).waitFor()
  expect(most).toBeLessThan(60)
  const seqs = await history(anna)
    .getByRole('listitem')
    .evaluateAll((all) => all.map((one) => Number((one as HTMLElement).dataset.seq)))
  expect(seqs).toEqual(seqs.map((_, at) => (seqs[0] ?? 0) + at))
})

test('older and newer pages come without a move of what is read', async () => {
  await readInTheMiddle()
  for (const [edge, pixels] of [
    ['before', -6_000],
    ['after', 12_000],
  ] as const) {
    let asked = 0
    const held = Promise.withResolvers<void>()
    const pattern = new RegExp(`/messages\\?${edge}=`)
    await anna.page.route(pattern, async (route) => {
      asked += 1
      if (asked === 1) await held.promise
      await route.continue()
    })
    if (edge === 'after') {
      await anna.page.getByRole('searchbox', { name: 'Find people' }).fill('line 40 and')
      await anna.page
        .getByRole('complementary')
        .getByRole('button', { name: /line 40 / })
        .first()
        .click()
      await row(40).waitFor()
      await rest()
    }
    await scrollBy(pixels)
    await expect.poll(() => asked).toBeGreaterThan(0)
    const moved = await drift(async () => {
      held.resolve()
      await anna.page.waitForTimeout(800)
    })
    expect(moved, edge).toBeLessThanOrEqual(2)
    await anna.page.unroute(pattern)
  }
})

test('nothing around moves what is read', async () => {
  await readInTheMiddle()
  const { seq } = await reading()
  const { items } = await boris.client.rest.messages(chatId, { around: Number(seq), limit: 40 })
  const above = items.filter((one) => one.seq < Number(seq)).slice(-4)
  const far = items[0]
  const long = 'a long story, told at length, '.repeat(30)
  const { rest: api } = boris.client
  const happenings: Record<string, () => Promise<unknown>> = {
    'a message above is edited': () => api.editMessage(chatId, above[0]?.id ?? '', long),
    'a message above gets a reaction': () => api.react(chatId, above[2]?.id ?? '', '👍', true),
    'a message far above is edited': () => api.editMessage(chatId, far?.id ?? '', long),
    'a message arrives': () => write(boris, chatId, ['line 301 has just come']),
    'a message is pinned': () => api.pin(chatId, above[1]?.id ?? '', true),
    'the composer grows': () =>
      anna.page.getByRole('textbox', { name: 'Message' }).fill('one\ntwo\nthree\nfour'),
    'the composer shrinks': () => anna.page.getByRole('textbox', { name: 'Message' }).fill(''),
    'the members are shown': () =>
      anna.page.getByRole('button', { name: 'Members' }).first().click(),
    'the window is made narrow': () => anna.page.setViewportSize({ width: 800, height: 700 }),
    'the window is made wide': () => anna.page.setViewportSize({ width: 1440, height: 900 }),
    'another font arrives': () =>
      anna.page.addStyleTag({ content: '.message__body { font: 19px/1.6 serif }' }),
    'something above grows late': () =>
      anna.page.evaluate((to) => {
        const one = document.querySelector<HTMLElement>(`li[data-seq="${to}"] .message`)
        if (one) one.style.minHeight = '400px'
      }, above[3]?.seq),
  }
  const moves: Record<string, number> = {}
  for (const [what, happens] of Object.entries(happenings))
    moves[what] = Math.round(await drift(happens))
  expect(Object.entries(moves).filter(([, by]) => by > 2)).toEqual([])
  const latest = anna.page.getByRole('button', { name: 'Jump to latest' })
  await expect.poll(() => latest.textContent()).toBe('1')
})

test('who is at the end stays there', async () => {
  await openAtEnd()
  const page = await boris.client.rest.messages(chatId, { limit: 9 })
  const items = page.items.filter(({ system }) => system === null)
  const { rest: api } = boris.client
  const happenings: Record<string, () => Promise<unknown>> = {
    'messages arrive': () => write(boris, chatId, lines(302, 305)),
    'one in view is edited': () =>
      api.editMessage(chatId, items.at(-3)?.id ?? '', 'longer '.repeat(80)),
    'one gets a reaction': () => api.react(chatId, items.at(-1)?.id ?? '', '👍', true),
    'the composer grows': () =>
      anna.page.getByRole('textbox', { name: 'Message' }).fill('one\ntwo\nthree\nfour'),
    'the window is made narrow': () => anna.page.setViewportSize({ width: 800, height: 700 }),
    'the window is made wide': () => anna.page.setViewportSize({ width: 1440, height: 900 }),
    'the members are shown': () =>
      anna.page.getByRole('button', { name: 'Members' }).first().click(),
    'another font arrives': () =>
      anna.page.addStyleTag({ content: '.message__body { font: 19px/1.6 serif }' }),
  }
  const away: Record<string, number> = {}
  for (const [what, happens] of Object.entries(happenings)) {
    await happens()
    await rest()
    away[what] = await distanceFromEnd()
  }
  expect(Object.entries(away).filter(([, by]) => by > 2)).toEqual([])
  await row(305).waitFor()
})

test('the focus among messages moves by arrows and outlives scrolling and jumping', async () => {
  await openAtEnd()
  const focusedSeq = () =>
    anna.page.evaluate(() => (document.activeElement?.closest('li') as HTMLElement)?.dataset.seq)
  await history(anna).getByRole('button', { name: 'Message actions' }).last().focus()
  const start = Number(await focusedSeq())
  for (let up = 0; up < 30; up++) await anna.page.keyboard.press('ArrowUp')
  await expect.poll(async () => Number(await focusedSeq())).toBe(start - 30)
  await anna.page.keyboard.press('ArrowDown')
  await expect.poll(async () => Number(await focusedSeq())).toBe(start - 29)
  for (let turn = 0; turn < 8; turn++) {
    await wheel(-2_000)
    await rest()
  }
  await expect.poll(async () => Number(await focusedSeq())).toBe(start - 29)
  expect(await rowsOnPage()).toBeLessThan(60)

  const { items } = await boris.client.rest.messages(chatId, { around: 20, limit: 1 })
  const long = items[0]
  await boris.client.rest.sendMessage(chatId, {
    body: 'as I said long ago',
    clientId: crypto.randomUUID(),
    replyToId: long?.id ?? '',
  })
  await anna.page.getByRole('button', { name: 'Jump to latest' }).click()
  const quote = history(anna).locator('.quote').last()
  await quote.focus()
  await anna.page.keyboard.press('Enter')
  const found = history(anna).locator(`li[data-seq="${long?.seq}"]`)
  await found.locator('.message--marked').waitFor()
  await rest()
  const box = await scroller().boundingBox()
  const at = ((await topOf(found)) - (box?.y ?? 0)) / (box?.height ?? 1)
  expect(at).toBeGreaterThan(0.1)
  expect(at).toBeLessThan(0.5)
  await expect.poll(() => focusedSeq()).toBe(String(long?.seq))
})

test('older messages that could not be loaded are fetched at a word', async () => {
  await openAtEnd()
  await anna.page.route(/\/messages\?before=/, (route) => route.abort())
  const failed = history(anna).getByRole('alert')
  for (let turn = 0; turn < 40 && (await failed.count()) === 0; turn++) {
    await wheel(-1_500)
    await anna.page.waitForTimeout(100)
  }
  await failed.getByText('Older messages could not be loaded').waitFor()
  await anna.page.unroute(/\/messages\?before=/)
  const before = await reading()
  await failed.getByRole('button', { name: 'Try again' }).click()
  await failed.waitFor({ state: 'detached' })
  await rest()
  const one = history(anna).locator(`li[data-seq="${before.seq}"]`)
  expect(Math.abs((await topOf(one)) - before.top)).toBeLessThanOrEqual(2)
})

test('what just came is told to a screen reader, what is scrolled to is not', async () => {
  await openAtEnd()
  await write(boris, chatId, ['line 400 is said aloud'])
  const said = anna.page.locator('[aria-live=polite]').getByText(/^Boris: line/)
  await expect.poll(() => said.textContent()).toBe('Boris: line 400 is said aloud')
  for (let turn = 0; turn < 5; turn++) await wheel(-1_500)
  await rest()
  await expect.poll(() => said.textContent()).toBe('Boris: line 400 is said aloud')
  await expect.poll(() => history(anna).getAttribute('aria-live')).toBe('off')
})
