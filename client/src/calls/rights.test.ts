import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Launched, launch } from '@beseda/launcher/launch'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Client, createClient } from '../client.ts'
import { makeSpeech } from '../testing/tracks.ts'
import { createDevice, installWebRtc, onRtp } from '../testing/werift.ts'
import type { CallSession } from './session.ts'

const limiting = ['rights', 'producer.closed', 'producer.paused', 'closed']

/** A signalling socket that keeps from its client whatever limits it: it goes on as if nothing had been said. */
class Deaf extends WebSocket {
  override set onmessage(listener: WebSocket['onmessage']) {
    super.onmessage = (event) => {
      const { type } = JSON.parse(String(event.data))
      if (!limiting.includes(type)) listener?.call(this, event)
    }
  }
}

/** After how many milliseconds without a packet (one comes every 20) nothing is heard any more. */
const silenceMs = 300

type Someone = Client & { id: string }

let beseda: Launched
let dataDir: string
/** Owner of the group. */
let anna: Someone
/** A member whose client ignores what it is told. */
let mallory: Someone
/** A member who listens. */
let vera: Someone
let chatId: string
let speaking: CallSession
let heardAt: number
let stopSpeech: () => void

beforeAll(async () => {
  installWebRtc()
  dataDir = await mkdtemp(join(tmpdir(), 'beseda-rights-'))
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
  anna = await signUp('anna')
  mallory = await signUp('mallory', Deaf)
  vera = await signUp('vera')
}, 60_000)
afterAll(async () => {
  for (const client of [anna, mallory, vera]) await client.close()
  await beseda.close()
  await rm(dataDir, { recursive: true, force: true })
})

/** A group with its call, in which Vera hears Mallory. */
beforeEach(async () => {
  const memberIds = [mallory.id, vera.id]
  const group = await anna.chats.create({ type: 'group', name: 'Group', memberIds })
  chatId = group.id
  const call = await anna.calls.start(chatId, 'audio', { leaveOther: true })
  const { id } = call.state.get().call
  speaking = await mallory.calls.join(id, { leaveOther: true })
  const speech = makeSpeech()
  await speaking.publish('microphone', speech.track)
  stopSpeech = speech.start()
  const listening = await vera.calls.join(id, { leaveOther: true })
  const voice = () =>
    listening.state.get().peers.find(({ userId }) => userId === mallory.id)?.tracks.microphone
      ?.track
  const track = await vi.waitFor(() => voice() ?? Promise.reject(new Error('no track yet')), {
    timeout: 15_000,
  })
  heardAt = 0
  onRtp(track, () => (heardAt = performance.now()))
  await vi.waitFor(() => expect(heardAt).toBeGreaterThan(0), { timeout: 15_000 })
})

afterEach(() => stopSpeech())

async function signUp(username: string, socket = WebSocket): Promise<Someone> {
  const client = createClient({ url: beseda.url, createDevice, WebSocket: socket })
  const password = `${username}-password`
  await client.session.register({ username, password, displayName: username })
  const { id } = await client.rest.me()
  return Object.assign(client, { id })
}

const admins = { muteAll: false, onlyAdminsCanSpeak: true }

test.each<[string, () => Promise<unknown>]>([
  ['the settings let nobody but admins speak', () => setSettings(admins)],
  ['the settings mute all', () => setSettings({ muteAll: true, onlyAdminsCanSpeak: false })],
  [
    'who speaks as an admin is one no longer',
    async () => {
      await anna.rest.updateMember(chatId, mallory.id, { role: 'admin' })
      await setSettings(admins)
      expect(await stillHeard()).toBe(true)
      await anna.rest.updateMember(chatId, mallory.id, { role: 'member' })
    },
  ],
  ['a moderator mutes', () => anna.rest.updateCallPeer(callId(), mallory.id, { muted: true })],
  ['a moderator puts out of the call', () => anna.rest.removeCallPeer(callId(), mallory.id)],
  ['the owner removes from the group', () => anna.rest.removeMember(chatId, mallory.id)],
])(
  'within a second after REST has answered, a client that ignores it is not heard: %s',
  async (_what, act) => {
    await act()
    const answeredAt = performance.now()
    await expect.poll(() => performance.now() - heardAt).toBeGreaterThan(silenceMs)
    expect(heardAt - answeredAt).toBeLessThan(1_000)
  },
)

const callId = () => speaking.state.get().call.id
const setSettings = (callSettings: typeof admins) => anna.rest.updateChat(chatId, { callSettings })

/** Whether there is more to hear after what is on its way has come. */
async function stillHeard(): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, silenceMs))
  return performance.now() - heardAt < silenceMs / 2
}

test('what was taken cannot be had again by asking', async () => {
  await setSettings(admins)
  await expect.poll(() => performance.now() - heardAt).toBeGreaterThan(silenceMs)
  await speaking.unpublish('microphone').catch(() => {})
  await expect(speaking.publish('microphone', makeSpeech().track)).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  await anna.rest.removeMember(chatId, mallory.id)
  await expect(mallory.rest.joinCall(callId())).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
