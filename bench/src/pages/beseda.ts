import { type Client, createClient } from '@beseda/client/client'
import { openCamera, timeFirstFrame } from './first-frame.ts'
import { type Perceived, perceive } from './perceived.ts'
import { relayedSocket } from './relayed-socket.ts'

let client: Client

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
  /** Join the call and, once picture and sound have been there for `settleMs`, watch for `ms`. */
  async perceive(callId: string, settleMs: number, ms: number): Promise<Perceived> {
    const session = await client.calls.join(callId)
    const pause = (time: number) => new Promise((done) => setTimeout(done, time))
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
