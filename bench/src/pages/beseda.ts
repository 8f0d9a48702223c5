import { type Client, createClient } from '@beseda/client/client'
import { openCamera, timeFirstFrame } from './first-frame.ts'
import { type Perceived, perceive } from './perceived.ts'
import { relayedSocket } from './relayed-socket.ts'

let client: Client

/** By user: the track of their voice, and the packets that have come on it. */
export type Heard = Record<string, { track: string; packets: number }>

const pause = (time: number) => new Promise((done) => setTimeout(done, time))

const shown = document.createElement('video')
shown.muted = true
shown.autoplay = true
const small = { width: 160, height: 90 }
const large = { width: 1280, height: 720 }

/** How large the camera of the only other one is seen. */
function want(size: typeof small | null) {
  const session = client.calls.current.get()
  const [peer] = session?.state.get().peers ?? []
  if (peer) session?.want(peer.userId, 'camera', size)
}

/** When the next frame that fits is shown. @throws Error after 15 s */
function nextFrame(fits: (frame: VideoFrameCallbackMetadata) => boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`no such frame, but one ${shown.videoHeight} high`)), 15_000)
    const look = (now: number, frame: VideoFrameCallbackMetadata) => {
      if (fits(frame)) resolve(now)
      else shown.requestVideoFrameCallback(look)
    }
    shown.requestVideoFrameCallback(look)
  })
}

const page = {
  /** With `relayPort`, all media goes through the relay there. */
  async signUp(username: string, relayPort?: number): Promise<string> {
    const relayed = relayPort === undefined ? {} : { WebSocket: relayedSocket(relayPort) }
    client = createClient({ url: location.origin, ...relayed })
    await client.session.register({
      username,
      password: `${username}-password`,
      displayName: username,
    })
    const state = client.session.state.get()
    if (state.status !== 'authenticated') throw new Error('not signed in')
    return state.user.id
  },
  /** Call somebody with a camera of so many lines. */
  async publish(userId: string, height = 360): Promise<string> {
    const chat = await client.chats.create({
      type: 'group',
      name: 'Benchmark',
      memberIds: [userId],
    })
    const call = await client.calls.start(chat.id, 'video')
    await call.publish('camera', await openCamera(height))
    return call.state.get().call.id
  },
  async speak(): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
    const [track] = stream.getAudioTracks()
    if (track) await client.calls.current.get()?.publish('microphone', track)
  },
  /** Join the call and speak. */
  async attend(callId: string): Promise<void> {
    await client.calls.join(callId)
    await page.speak()
  },
  /** Who is heard in the call. */
  async heard(): Promise<Heard> {
    const session = client.calls.current.get()
    const packets = new Map<string, number>()
    for (const one of (await session?.stats())?.recv?.values() ?? []) {
      if (one.type === 'inbound-rtp') packets.set(one.trackIdentifier, one.packetsReceived)
    }
    const peers = session?.state.get().peers ?? []
    const heard = peers.flatMap(({ userId, tracks }) => {
      const track = tracks.microphone?.track.id
      return track ? [[userId, { track, packets: packets.get(track) ?? 0 }] as const] : []
    })
    return Object.fromEntries(heard)
  },
  /** Join the call and, once picture and sound have been there for `settleMs`, watch for `ms`. */
  async perceive(callId: string, settleMs: number, ms: number): Promise<Perceived> {
    const session = await client.calls.join(callId)
    const tracks = () => session.state.get().peers[0]?.tracks
    for (let waited = 0; !(tracks()?.camera && tracks()?.microphone); waited += 50) {
      if (waited > 15_000) throw new Error('no picture and sound came')
      await pause(50)
    }
    const { camera, microphone } = tracks() ?? {}
    if (!camera || !microphone) throw new Error('picture or sound went away')
    const audio = new Audio()
    audio.srcObject = new MediaStream([microphone.track])
    await audio.play()
    await pause(settleMs)
    const perceived = await perceive(camera.track, async () => (await session.stats()).recv, ms)
    await client.calls.hangUp()
    client.calls.dismiss()
    return perceived
  },
  /** Join and show the camera of the one who is there, in full. */
  async watch(callId: string): Promise<void> {
    const session = await client.calls.join(callId)
    const tracks = () => session.state.get().peers[0]?.tracks
    while (!tracks()?.camera) await pause(50)
    const { camera } = tracks() ?? {}
    if (camera) shown.srcObject = new MediaStream([camera.track])
    document.body.append(shown)
    want(large)
    await nextFrame(() => true)
  },
  /** Not see it for `ms`, then again: the time until its next frame. */
  async timeReturn(ms: number): Promise<number> {
    want(null)
    await pause(ms)
    want(large)
    const begin = performance.now()
    return (await nextFrame(() => true)) - begin
  },
  /** See it small for `ms`. */
  async shrink(ms: number): Promise<void> {
    want(small)
    await pause(ms)
  },
  /** See it large from now on: when that was asked for, since 1970, and the time until a large frame. */
  async grow(): Promise<{ askedAt: number; took: number }> {
    const { videoHeight } = shown
    const askedAt = Date.now()
    const begin = performance.now()
    want(large)
    return { askedAt, took: (await nextFrame(({ height }) => height > videoHeight)) - begin }
  },
  /** How many key frames the larger layers of the own camera have encoded. */
  async keyFrames(): Promise<number> {
    const stats = await client.calls.current.get()?.stats()
    return [...(stats?.send?.values() ?? [])]
      .filter(({ type, rid }) => type === 'outbound-rtp' && rid !== undefined && rid !== 'r0')
      .reduce((sum, { keyFramesEncoded }) => sum + (keyFramesEncoded ?? 0), 0)
  },
  /** When there was another one than these, in ms since 1970. @throws Error after 15 s */
  async keyFrameAfter(before: number): Promise<number> {
    const end = Date.now() + 15_000
    while ((await page.keyFrames()) === before) {
      if (Date.now() > end) throw new Error('no key frame came')
      await pause(5)
    }
    return Date.now()
  },
  async timeJoin(callId: string): Promise<number> {
    const took = await timeFirstFrame(async (show) => {
      let shown: MediaStreamTrack | undefined
      const stop = client.calls.current.subscribe((session) =>
        session?.state.subscribe(({ peers }) => {
          const track = peers[0]?.tracks.camera?.track
          if (track && track !== shown) show(track)
          shown ??= track
        }),
      )
      await client.calls.join(callId)
      stop()
    })
    await client.calls.hangUp()
    client.calls.dismiss()
    return took
  },
}
export type BesedaPage = typeof page
Object.assign(globalThis, { bench: page })
