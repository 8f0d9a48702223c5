import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Launched, launch } from '@beseda/launcher/launch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient } from './client.ts'
import { RequestError } from './rest.ts'
import { makeSpeech } from './testing/tracks.ts'
import { createDevice, installWebRtc, onRtp } from './testing/werift.ts'

let beseda: Launched
let dataDir: string
const clients: Client[] = []

beforeAll(async () => {
  installWebRtc()
  dataDir = await mkdtemp(join(tmpdir(), 'beseda-client-'))
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
    },
  })
}, 60_000)

afterAll(async () => {
  for (const client of clients) await client.close()
  await beseda.close()
  await rm(dataDir, { recursive: true, force: true })
})

async function signUp(username: string): Promise<Client & { id: string }> {
  const client = createClient({ url: beseda.url, createDevice })
  clients.push(client)
  await client.session.register({
    username,
    password: `${username}-password`,
    displayName: username,
  })
  await expect.poll(() => client.connection.state.get().status).toBe('online')
  const state = client.session.state.get()
  if (state.status !== 'authenticated') throw new Error('not signed in')
  return Object.assign(client, { id: state.user.id })
}

const bodies = (client: Client, chatId: string) =>
  client.chats
    .conversation(chatId)
    .state.get()
    .messages.flatMap(({ system, body }) => (system ? [] : [body]))
const chatOf = (client: Client, chatId: string) =>
  client.chats.state.get().chats.find(({ id }) => id === chatId)

test('two users find each other, talk, and see what is unread', async () => {
  const anna = await signUp('anna')
  const boris = await signUp('boris')
  const found = await anna.rest.users({ q: 'bori' })
  expect(found.items.map(({ username }) => username)).toContain('boris')

  const { id: chatId } = await anna.chats.openPersonal(boris.id)
  await expect.poll(() => chatOf(boris, chatId)?.peer?.username).toBe('anna')
  await anna.chats.conversation(chatId).load()
  const words = Array.from({ length: 30 }, (_, index) => `word ${index}`)
  for (const word of words) anna.chats.conversation(chatId).send(word)
  await expect.poll(() => chatOf(boris, chatId)?.unreadCount, { timeout: 15_000 }).toBe(30)
  await boris.chats.conversation(chatId).load()
  expect(bodies(boris, chatId)).toEqual(words)
  await expect.poll(() => bodies(anna, chatId)).toEqual(words)
  expect(anna.chats.conversation(chatId).state.get().pending).toEqual([])

  await boris.chats.markRead(chatId, chatOf(boris, chatId)?.lastSeq ?? 0)
  expect(chatOf(boris, chatId)?.unreadCount).toBe(0)
})

test('a message sent while the server restarts arrives once, in order', async () => {
  const vera = await signUp('vera')
  const gleb = await signUp('gleb')
  const { id: chatId } = await vera.chats.openPersonal(gleb.id)
  await vera.chats.conversation(chatId).load()
  await gleb.chats.conversation(chatId).load()
  vera.chats.conversation(chatId).send('before')
  const restarted = beseda.processes.server.restart()
  for (const word of ['during 1', 'during 2', 'during 3']) {
    vera.chats.conversation(chatId).send(word)
  }
  await restarted
  vera.chats.conversation(chatId).send('after')
  const all = ['before', 'during 1', 'during 2', 'during 3', 'after']
  await expect.poll(() => bodies(vera, chatId), { timeout: 15_000 }).toEqual(all)
  await expect.poll(() => bodies(gleb, chatId), { timeout: 15_000 }).toEqual(all)
}, 40_000)

test('a refused message stays, marked, until it is given up', async () => {
  const dina = await signUp('dina')
  const egor = await signUp('egor')
  const { id: chatId } = await dina.chats.openPersonal(egor.id)
  const conversation = dina.chats.conversation(chatId)
  await conversation.load()
  const clientId = conversation.send('x'.repeat(4001))
  await expect
    .poll(() => conversation.state.get().pending)
    .toMatchObject([{ clientId, status: 'failed', error: 'VALIDATION' }])
  conversation.discard(clientId)
  expect(conversation.state.get().pending).toEqual([])
})

test('a call rings, is answered, carries sound, shows mute, and ends for both', async () => {
  const ivan = await signUp('ivan')
  const olga = await signUp('olga')
  const { id: chatId } = await ivan.chats.openPersonal(olga.id)
  const call = await ivan.calls.start(chatId, 'audio')
  const speech = makeSpeech()
  await call.publish('microphone', speech.track)
  const stop = speech.start()
  try {
    await expect.poll(() => olga.calls.incoming.get()).toHaveLength(1)
    const answered = await olga.calls.join(call.state.get().call.id)
    expect(olga.calls.incoming.get()).toHaveLength(0)
    const heard = () => answered.state.get().peers[0]?.tracks.microphone
    await expect.poll(heard).toMatchObject({ paused: false })
    let packets = 0
    const track = heard()?.track
    if (track) onRtp(track, () => packets++)
    await expect.poll(() => packets, { timeout: 15_000 }).toBeGreaterThan(50)
    expect(call.state.get().peers.map(({ displayName }) => displayName)).toEqual(['olga'])

    await call.setMuted('microphone', true)
    await expect.poll(heard).toMatchObject({ paused: true })
    await call.setMuted('microphone', false)
    await expect.poll(heard).toMatchObject({ paused: false })

    await ivan.calls.hangUp()
    expect(call.state.get().phase).toMatchObject({ status: 'ended', reason: 'left' })
    await expect
      .poll(() => answered.state.get().phase)
      .toEqual({ status: 'ended', reason: 'ended', outcome: 'ended' })
  } finally {
    stop()
  }
  await expect
    .poll(async () => (await olga.rest.callLog(chatId)).items)
    .toMatchObject([{ outcome: 'ended', participants: [{}, {}] }])
  await expect
    .poll(() => chatOf(olga, chatId)?.lastMessage?.system)
    .toMatchObject({ event: 'call.ended', outcome: 'ended' })
  expect(chatOf(olga, chatId)?.call).toBeNull()
}, 30_000)

test('pressing a button twice calls and answers once', async () => {
  const yana = await signUp('yana')
  const zahar = await signUp('zahar')
  const { id: chatId } = await yana.chats.openPersonal(zahar.id)
  const [call, again] = await Promise.all([
    yana.calls.start(chatId, 'audio'),
    yana.calls.start(chatId, 'audio'),
  ])
  expect(again).toBe(call)
  const callId = call.state.get().call.id
  const [answered, answeredAgain] = await Promise.all([
    zahar.calls.join(callId),
    zahar.calls.join(callId),
  ])
  expect(answeredAgain).toBe(answered)
  expect(await zahar.calls.join(callId)).toBe(answered)
  await expect.poll(() => call.state.get().peers).toHaveLength(1)
  expect(call.state.get().phase.status).toBe('connected')
  await yana.calls.hangUp()
})

test('a declined call ends on both sides', async () => {
  const kira = await signUp('kira')
  const lena = await signUp('lena')
  const { id: chatId } = await kira.chats.openPersonal(lena.id)
  const call = await kira.calls.start(chatId, 'video')
  await expect.poll(() => lena.calls.incoming.get()).toHaveLength(1)
  await lena.calls.decline(call.state.get().call.id)
  await expect
    .poll(() => call.state.get().phase)
    .toEqual({ status: 'ended', reason: 'ended', outcome: 'declined' })
  await expect
    .poll(() => chatOf(kira, chatId)?.lastMessage?.system)
    .toMatchObject({ event: 'call.ended', outcome: 'declined' })
})

test('a declined call of a group does not ring again when something is written', async () => {
  const pavel = await signUp('pavel')
  const rita = await signUp('rita')
  // Somebody else rings on: a call that all have declined ends.
  const ulyana = await signUp('ulyana')
  const memberIds = [rita.id, ulyana.id]
  const group = await pavel.chats.create({ type: 'group', name: 'Group', memberIds })
  await expect.poll(() => chatOf(rita, group.id)).toBeDefined()
  const call = await pavel.calls.start(group.id, 'audio')
  await expect.poll(() => rita.calls.incoming.get()).toHaveLength(1)
  await rita.calls.decline(call.state.get().call.id)
  pavel.chats.conversation(group.id).send('where are you?')
  await expect.poll(() => chatOf(rita, group.id)?.lastMessage?.body).toBe('where are you?')
  expect(rita.calls.incoming.get()).toEqual([])
  await pavel.calls.endForAll()
})

test('who was away when a call ended sees that it is over', async () => {
  const sockets: WebSocket[] = []
  class Recorded extends WebSocket {
    constructor(url: string | URL) {
      super(url)
      sockets.push(this)
    }
  }
  const sonya = createClient({ url: beseda.url, createDevice, WebSocket: Recorded })
  clients.push(sonya)
  await sonya.session.register({ username: 'sonya', password: 'sonya-pw1', displayName: 'sonya' })
  const timur = await signUp('timur')
  const { id: chatId } = await timur.chats.openPersonal((await sonya.rest.me()).id)
  await expect.poll(() => chatOf(sonya, chatId)).toBeDefined()
  await sonya.chats.conversation(chatId).load()
  await timur.calls.start(chatId, 'audio')
  await expect.poll(() => sonya.calls.incoming.get()).toHaveLength(1)
  sockets.at(-1)?.close()
  await timur.calls.hangUp()
  await expect.poll(() => sonya.connection.state.get().status).toBe('online')
  await expect.poll(() => chatOf(sonya, chatId)?.lastSeq).toBe(2)
  await expect.poll(() => chatOf(sonya, chatId)?.call, { timeout: 15_000 }).toBeNull()
  expect(sonya.calls.incoming.get()).toEqual([])
})

test('a call survives a signalling socket that drops', async () => {
  const opened: WebSocket[] = []
  class Recorded extends WebSocket {
    constructor(url: string | URL) {
      super(url)
      opened.push(this)
    }
  }
  const maks = createClient({ url: beseda.url, createDevice, WebSocket: Recorded })
  clients.push(maks)
  await maks.session.register({ username: 'maks', password: 'maks-password', displayName: 'maks' })
  const nina = await signUp('nina')
  const { id: chatId } = await maks.chats.openPersonal(nina.id)
  const call = await maks.calls.start(chatId, 'audio')
  const speech = makeSpeech()
  await call.publish('microphone', speech.track)
  const answered = await nina.calls.join(call.state.get().call.id)
  await expect.poll(() => answered.state.get().peers[0]?.tracks.microphone).toBeDefined()
  const phases: string[] = []
  call.state.subscribe(({ phase }) => phases.push(phase.status))
  opened.at(-1)?.close()
  await expect.poll(() => phases).toContain('reconnecting')
  await expect.poll(() => call.state.get().phase.status).toBe('connected')
  // Nobody noticed: the peer was kept, with its tracks.
  expect(answered.state.get().peers[0]?.tracks.microphone).toBeDefined()
  await call.setMuted('microphone', true)
  await expect.poll(() => answered.state.get().peers[0]?.tracks.microphone?.paused).toBe(true)
  await maks.calls.hangUp()
}, 30_000)

test('an SFU that is away is asked now and then, and not at all after leaving', async () => {
  const opened: WebSocket[] = []
  let away = false
  class Failing extends WebSocket {
    constructor(url: string | URL) {
      super(away ? 'ws://127.0.0.1:9' : url)
      opened.push(this)
    }
  }
  const roma = createClient({ url: beseda.url, createDevice, WebSocket: Failing })
  clients.push(roma)
  await roma.session.register({ username: 'roma', password: 'roma-password', displayName: 'roma' })
  const sveta = await signUp('sveta')
  const { id: chatId } = await roma.chats.openPersonal(sveta.id)
  const call = await roma.calls.start(chatId, 'audio')
  const speech = makeSpeech()
  await call.publish('microphone', speech.track)
  const answered = await sveta.calls.join(call.state.get().call.id)
  await expect.poll(() => answered.state.get().peers[0]?.tracks.microphone).toBeDefined()

  away = true
  const before = opened.length
  opened.at(-1)?.close()
  await expect(call.setMuted('microphone', true)).rejects.toMatchObject({ code: 'CLOSED' })
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(opened.length - before).toBeLessThan(8)

  await call.leave()
  away = false
  const after = opened.length
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(opened).toHaveLength(after)
  await sveta.calls.hangUp()
}, 30_000)

test('what was muted while the signalling socket was away is told after it', async () => {
  const opened: WebSocket[] = []
  class Recorded extends WebSocket {
    constructor(url: string | URL) {
      super(url)
      opened.push(this)
    }
  }
  const uma = createClient({ url: beseda.url, createDevice, WebSocket: Recorded })
  clients.push(uma)
  await uma.session.register({ username: 'uma', password: 'uma-password', displayName: 'uma' })
  const valya = await signUp('valya')
  const { id: chatId } = await uma.chats.openPersonal(valya.id)
  const call = await uma.calls.start(chatId, 'audio')
  await call.publish('microphone', makeSpeech().track)
  const answered = await valya.calls.join(call.state.get().call.id)
  const heard = () => answered.state.get().peers[0]?.tracks.microphone
  await expect.poll(heard).toMatchObject({ paused: false })
  opened.at(-1)?.close()
  await expect(call.setMuted('microphone', true)).rejects.toMatchObject({ code: 'CLOSED' })
  await expect.poll(heard, { timeout: 15_000 }).toMatchObject({ paused: true })
  await uma.calls.hangUp()
}, 30_000)

test('refusals carry the server’s code', async () => {
  const client = createClient({ url: beseda.url })
  const refused = client.session.login({ username: 'nobody', password: 'wrong-password' })
  await expect(refused).rejects.toBeInstanceOf(RequestError)
  await expect(refused).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' })
})

test('a server that is not there is told apart from one that refuses', async () => {
  const client = createClient({ url: 'http://127.0.0.1:9' })
  await expect(
    client.session.login({ username: 'anna', password: 'whatever' }),
  ).rejects.toMatchObject({ code: 'NETWORK' })
})
