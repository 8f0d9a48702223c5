import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Launched, launch } from '@beseda/launcher/launch'
import type { Message } from '@beseda/protocol/messages'
import { afterAll, afterEach, beforeAll, expect, onTestFailed, test } from 'vitest'
import { type Client, createClient } from './client.ts'
import { makeCookieFetch } from './cookies.ts'
import { type Line, type Losses, layLine, makeLossyFetch, makeRandom } from './testing/unsteady.ts'
import { makeUnsentMemory } from './unsent.ts'

const emoji = ['👍', '❤️', '😂']

let beseda: Launched
let dataDir: string
const closers: (() => unknown)[] = []

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'beseda-delivery-'))
  beseda = await launch({
    quiet: true,
    withoutWeb: true,
    env: {
      ...process.env,
      PORT: '0',
      SFU_PORT: '0',
      SFU_RTC_PORT: '0',
      SFU_WORKERS: '1',
      DATA_DIR: dataDir,
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'error',
    },
  })
}, 180_000)

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

afterAll(async () => {
  await beseda.close()
  await rm(dataDir, { recursive: true, force: true })
})

/** Chance that can be had again: the seed is printed when the test fails. */
function takeChances() {
  const seed = Number(process.env.DELIVERY_SEED ?? randomInt(2 ** 31))
  onTestFailed(() => console.error(`to try the same again: DELIVERY_SEED=${seed}`))
  const random = makeRandom(seed)
  return {
    random,
    below: (max: number) => Math.floor(random() * max),
    one: <Item>(items: readonly Item[]): Item => {
      const item = items[Math.floor(random() * items.length)]
      if (item === undefined) throw new Error('nothing to choose from')
      return item
    },
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function until(holds: () => boolean) {
  while (!holds()) await pause(10)
}

/** Read a chat to its end by REST, page by page, however often a request is lost. */
async function readAll({ rest }: Client, chatId: string): Promise<Message[]> {
  const all: Message[] = []
  for (;;) {
    const after = all.at(-1)?.seq ?? 0
    const page = await rest.messages(chatId, { after, limit: 100 }).catch(() => null)
    all.push(...(page?.items ?? []))
    if (page && page.nextCursor === null) return all
  }
}

/** What each sender wrote, in the order in which the chat has it. */
function bySender(messages: Message[]): Record<string, string[]> {
  const bodies: Record<string, string[]> = {}
  for (const { system, sender, body } of messages) {
    if (system || !sender) continue
    bodies[sender.displayName] ??= []
    bodies[sender.displayName]?.push(body)
  }
  return bodies
}

const wordsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name} ${index}`)

test('four write 2,000 messages while sockets are cut and the server restarts: each has each once', async () => {
  const { random, below, one } = takeChances()
  const names = ['anna', 'boris', 'vera', 'gleb']
  const each = 500
  const total = each * names.length
  const port = Number(new URL(beseda.url).port)

  async function enter(name: string) {
    const line = await layLine(port)
    const losses: Losses = { lost: 0, unanswered: 0 }
    const client = createClient({
      url: beseda.url,
      WebSocket: line.WebSocket,
      fetch: makeCookieFetch(makeLossyFetch(losses, random)),
    })
    closers.push(() => client.close(), line.close)
    await client.session.register({
      username: name,
      password: `${name}-password`,
      displayName: name,
    })
    return { name, client, line, losses, id: (await client.rest.me()).id }
  }
  const people = await Promise.all(names.map(enter))
  const [founder, last] = people
  if (!founder || !last) throw new Error('nobody came')
  const memberIds = people.slice(1).map(({ id }) => id)
  const { id: chatId } = await founder.client.chats.create({ type: 'group', name: 'G', memberIds })
  const readers = await Promise.all(people.map(({ client }) => openReader(client, chatId)))
  for (const { losses } of people) Object.assign(losses, { lost: 0.02, unanswered: 0.05 })

  let written = 0
  const deeds: Promise<void>[] = []
  const sent = () => written - readers.reduce((sum, { pending }) => sum + pending(), 0)
  async function write({ name, client }: (typeof people)[number]) {
    const conversation = client.chats.conversation(chatId)
    const words = wordsOf(name, each)
    while (words.length > 0) {
      for (const word of words.splice(0, 1 + below(15))) {
        conversation.send(word)
        written++
      }
      await until(() => conversation.state.get().pending.length < 10)
      const message = one(conversation.state.get().messages)
      if (random() < 0.5) continue
      if (message.sender?.displayName === name) {
        deeds.push(conversation.edit(message.id, `${message.body}!`).catch(() => {}))
      } else if (!message.system) {
        deeds.push(conversation.react(message.id, one(emoji), random() < 0.7).catch(() => {}))
      }
    }
  }
  async function cutLines(cuts: number) {
    for (let done = 1; done <= cuts; done++) {
      await until(() => sent() >= (done * total) / (cuts + 1))
      const line: Line = one(people).line
      if (random() < 0.5) line.cut()
      else line.hangUp()
    }
  }
  async function restartServer(restarts: number) {
    const { server } = beseda.processes
    for (let done = 1; done <= restarts; done++) {
      await until(() => sent() >= (done * total) / (restarts + 1))
      if (done % 2 === 0) await server.kill('SIGKILL').then(server.ready)
      else await server.restart()
      for (const { client } of people) client.connection.retryNow()
    }
  }
  /** Somebody hears nothing for longer than a greeting makes up for, and goes on writing. */
  async function lieInADeadZone(
    { line, client }: (typeof people)[number],
    { from, to }: { from: number; to: number },
  ) {
    await until(() => sent() >= from * total)
    line.setUp(false)
    await until(() => sent() >= to * total)
    line.setUp(true)
    client.connection.retryNow()
  }
  await Promise.all([
    ...people.map(write),
    cutLines(200),
    restartServer(5),
    lieInADeadZone(founder, { from: 0.3, to: 0.55 }),
    // Nobody greets this one again after it: what the greeting left out has to be fetched.
    lieInADeadZone(last, { from: 0.85, to: 1 }),
  ])
  await until(() => sent() === total)
  await Promise.all(deeds)
  for (const { losses } of people) Object.assign(losses, { lost: 0, unanswered: 0 })
  const history = await readAll(founder.client, chatId)
  const head = history.at(-1)?.seq ?? 0
  await expect
    .poll(() => readers.map(({ newest }) => newest()), { timeout: 60_000 })
    .toEqual(readers.map(() => head))

  const unedited = history.map((message) => ({ ...message, body: message.body.replace(/!+$/, '') }))
  expect(bySender(unedited)).toEqual(
    Object.fromEntries(names.map((name) => [name, wordsOf(name, each)])),
  )
  for (const [index, { client }] of people.entries()) {
    const reader = readers[index]
    expect(reader?.faults).toEqual([])
    expect(reader?.ids).toEqual(history.map(({ id }) => id))
    // What happened to the messages is seen as well, by each with their own eyes.
    const here = await readAll(client, chatId)
    await expect
      .poll(() => reader?.held())
      .toEqual(here.filter(({ seq }) => seq >= (reader?.held()[0]?.seq ?? 0)))
  }
}, 900_000)

/** Somebody who reads a chat as it comes, and notes what they saw of it. */
async function openReader({ chats }: Client, chatId: string) {
  const conversation = chats.conversation(chatId)
  const ids: string[] = []
  const faults: string[] = []
  let held: Message[] = []
  function look() {
    const { messages, hasNewer, loadingNewer } = conversation.state.get()
    if (hasNewer && !loadingNewer) void conversation.loadNewer().catch(() => {})
    if (messages === held) return
    held = messages
    const first = messages[0]?.seq ?? 1
    for (const [index, { seq, id }] of messages.entries()) {
      if (seq !== first + index) faults.push(`${seq} follows ${first + index - 1}`)
      if ((ids[seq - 1] ?? id) !== id) faults.push(`${seq} is two messages`)
      ids[seq - 1] = id
    }
    const newest = messages.at(-1)?.seq ?? 0
    if (newest % 100 === 0) void chats.markRead(chatId, newest).catch(() => {})
  }
  await conversation.load()
  look()
  closers.push(conversation.state.subscribe(look))
  return {
    faults,
    /** The ids of all that was ever seen, in order. */
    ids,
    pending: () => conversation.state.get().pending.length,
    held: () => conversation.state.get().messages,
    newest: () => conversation.state.get().messages.at(-1)?.seq ?? 0,
  }
}

test('what was written before the page went is sent by the next one, in order and once', async () => {
  const { random, below } = takeChances()
  const losses: Losses = { lost: 0, unanswered: 0 }
  const browser = {
    url: beseda.url,
    fetch: makeCookieFetch(makeLossyFetch(losses, random)),
    unsentStorage: makeUnsentMemory(),
  }
  const first = createClient(browser)
  await first.session.register({ username: 'dina', password: 'dina-password', displayName: 'dina' })
  const { id: chatId } = await first.chats.create({ type: 'group', name: 'Alone', memberIds: [] })
  Object.assign(losses, { lost: 0.05, unanswered: 0.1 })
  const words = wordsOf('dina', 100)
  let client = first
  while (words.length > 0) {
    for (const word of words.splice(0, 10)) client.chats.conversation(chatId).send(word)
    await pause(below(60))
    await client.close()
    client = createClient(browser)
    await client.session.restore()
  }
  closers.push(() => client.close())
  await until(() => client.chats.unsentCount() === 0)
  expect(bySender(await readAll(client, chatId))).toEqual({ dina: wordsOf('dina', 100) })
}, 180_000)

test('an unsent message waits for the user who wrote it, and not past their signing out', async () => {
  const unsentStorage = makeUnsentMemory()
  const losses: Losses = { lost: 0, unanswered: 0 }
  const sit = () => {
    const fetch = makeCookieFetch(makeLossyFetch(losses, () => 0))
    const client = createClient({ url: beseda.url, fetch, unsentStorage })
    closers.push(() => client.close())
    return client
  }
  const egor = { username: 'egor', password: 'egor-password' }
  const first = sit()
  await first.session.register({ ...egor, displayName: 'egor' })
  const { id: chatId } = await first.chats.create({ type: 'group', name: 'Own', memberIds: [] })
  losses.lost = 1
  first.chats.conversation(chatId).send('for later')
  await first.close()

  losses.lost = 0
  const other = sit()
  const zoya = { username: 'zoya', password: 'zoya-password', displayName: 'zoya' }
  await other.session.register(zoya)
  expect(other.chats.unsentCount()).toBe(0)
  await other.session.logout()

  const again = sit()
  await again.session.login(egor)
  await until(() => again.chats.unsentCount() === 0)
  losses.lost = 1
  again.chats.conversation(chatId).send('never mind')
  expect(again.chats.unsentCount()).toBe(1)
  await again.session.logout()
  losses.lost = 0
  await again.session.login(egor)
  expect(again.chats.unsentCount()).toBe(0)
  expect(bySender(await readAll(again, chatId))).toEqual({ egor: ['for later'] })
})

test('what happened to old messages during an absence is seen after it', async () => {
  const line = await layLine(Number(new URL(beseda.url).port))
  const [lena, maks] = [
    createClient({ url: beseda.url }),
    createClient({ url: beseda.url, WebSocket: line.WebSocket }),
  ]
  closers.push(
    () => lena.close(),
    () => maks.close(),
    line.close,
  )
  await lena.session.register({ username: 'lena', password: 'lena-password', displayName: 'lena' })
  await maks.session.register({ username: 'maks', password: 'maks-password', displayName: 'maks' })
  const { id: chatId } = await lena.chats.openPersonal((await maks.rest.me()).id)
  const writing = lena.chats.conversation(chatId)
  for (const word of wordsOf('lena', 120)) writing.send(word)
  await until(() => writing.state.get().pending.length === 0)
  await writing.load()
  while (writing.state.get().hasOlder) await writing.loadOlder()
  const reading = maks.chats.conversation(chatId)
  await reading.load()
  while (reading.state.get().messages.length < 120) {
    await (reading.state.get().hasOlder ? reading.loadOlder() : reading.loadNewer())
  }

  line.setUp(false)
  await expect.poll(() => maks.connection.state.get().status).not.toBe('online')
  const [edited, deleted, pinned, liked] = writing.state.get().messages
  if (!edited || !deleted || !pinned || !liked) throw new Error('nothing was written')
  await writing.edit(edited.id, 'other words')
  await writing.remove(deleted.id)
  await writing.pin(pinned.id, true)
  await writing.react(liked.id, '👍', true)
  writing.send('new words')
  await until(() => writing.state.get().pending.length === 0)
  line.setUp(true)
  maks.connection.retryNow()
  await expect.poll(() => reading.state.get().messages.at(-1)?.body).toBe('new words')
  await expect
    .poll(() => reading.state.get().messages.slice(0, 4))
    .toMatchObject([
      { body: 'other words' },
      { body: '', deletedAt: expect.any(String) },
      { pinnedAt: expect.any(String) },
      { reactions: [{ emoji: '👍', count: 1, mine: false }] },
    ])
  expect(reading.state.get().messages).toEqual(await readAll(maks, chatId))
}, 180_000)
