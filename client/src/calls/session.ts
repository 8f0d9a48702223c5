import type { Call, CallAnswer, Join } from '@beseda/protocol/calls'
import { closeCodes } from '@beseda/protocol/errors'
import { spans } from '@beseda/protocol/limits'
import type { Source } from '@beseda/protocol/media'
import type { CallOutcome } from '@beseda/protocol/messages'
import type { ConsumerOptions, LeaveReason, Notice } from '@beseda/protocol/signalling'
import type { types } from 'mediasoup-client'
import { backoff } from '../backoff.ts'
import { RequestError, type Rest } from '../rest.ts'
import { createStore, type Store } from '../store.ts'
import { type CallMedia, createMedia, loadDevice, restartPatience } from './media.ts'
import { openSignalling, type Signalling, SignallingError } from './signalling.ts'
import {
  applyNotice,
  type CallPhase,
  type CallState,
  enteringCall,
  type LocalTrack,
  withConsumers,
  withPeers,
  withSelf,
  withTrack,
} from './state.ts'
import { createViewing } from './viewing.ts'
import type { Size } from './wants.ts'

/** One call that this user is in. */
export type CallSession = {
  state: Store<CallState>
  /** Send a track, muted or not, or exchange the one that is sent. The session stops the track when it is done with it. */
  publish(source: Source, track: MediaStreamTrack, paused?: boolean): Promise<void>
  /** Mute or unmute: the track stays open, nothing is sent. */
  setMuted(source: Source, muted: boolean): Promise<void>
  /** Let go of the device: nothing is sent until the next `publish`. */
  release(source: Source): Promise<void>
  /** Stop sending this source altogether. */
  unpublish(source: Source): Promise<void>
  /** Somebody's picture is shown at this size in device pixels, or (null) not seen: the SFU forwards no more than that. */
  want(userId: string, source: Source, size: Size | null): void
  /** Whether the others' pictures are looked at; while they are not, none is sent here. */
  setWatching(watching: boolean): void
  /** Ask to speak, or no longer. @throws SignallingError */
  raiseHand(raised: boolean): Promise<void>
  /** Go on though nobody else is here. @throws SignallingError */
  stay(): Promise<void>
  /** Statistics of both transports, as the browser counts them. */
  stats(): ReturnType<CallMedia['stats']>
  /** Leave; resolves when everything is closed and every own track is stopped. */
  leave(): Promise<void>
}

export type SessionOptions = {
  rest: Rest
  WebSocket: typeof globalThis.WebSocket
  createDevice: () => Promise<types.Device>
  userId: string
  iceTransportPolicy?: RTCIceTransportPolicy | undefined
}

/** How long a broken call is being mended before it is given up. */
const mendingMs = spans.resumeGrace * 3

/** Enter a call with the server's answer to start or join; `close` and `update` are inputs. */
export function createCallSession(options: SessionOptions, answer: CallAnswer) {
  const state = createStore(enteringCall(answer.call, options.userId))
  let join = answer.join
  let signalling: Signalling | undefined
  let media: CallMedia | null = null
  let resumeKey = ''
  let over = false
  /** True while somebody below waits for the socket and so hears of its end. */
  let busy = true
  /** The socket closed while `busy`. */
  let broken = false
  let closedFor: LeaveReason | null = null
  /** Notices that wait until the reply ahead of them, which says how all stands, has been taken over. */
  let held: Notice[] | null = null

  /** Whether the SFU can be talked to: the socket is in the call. */
  let signalled = false
  /** Whether every transport that was connected still is. */
  let carried = true

  const setPhase = (phase: CallPhase) => {
    if (!over) state.update((current) => ({ ...current, phase }))
  }
  /** Connected is who can both talk to the SFU and hear the others; before the first time, one is connecting. */
  const showConnection = (change: { signalled?: boolean; carried?: boolean }) => {
    signalled = change.signalled ?? signalled
    carried = change.carried ?? carried
    const { phase } = state.get()
    if (phase.status === 'connecting' && !signalled) return
    const lost = signalled ? 'media' : 'signalling'
    const next: CallPhase =
      signalled && carried ? { status: 'connected' } : { status: 'reconnecting', lost }
    const same = phase.status === 'reconnecting' ? phase.lost === lost : true
    if (phase.status !== next.status || !same) setPhase(next)
  }

  function openSocket(to: Join): Signalling {
    const opened = openSignalling({
      url: to.url,
      WebSocket: options.WebSocket,
      onNotice: (notice) => {
        if (opened === signalling) receive(notice)
      },
      onClose: (code) => {
        if (opened === signalling) socketClosed(code)
      },
    })
    return opened
  }

  async function enter() {
    connect()
    const device = await loadDevice(options.createDevice, join.rtpCapabilities)
    const joined = await request('join', {
      token: join.token,
      rtpCapabilities: {
        ...device.recvRtpCapabilities,
        codecs: device.recvRtpCapabilities.codecs ?? [],
      },
    })
    if (over) return
    media?.close()
    carried = true
    media = createMedia({
      device,
      joined,
      signalling: () => ({ request }),
      iceServers: join.iceServers,
      iceTransportPolicy: options.iceTransportPolicy,
      viewing,
      onTrack: (userId, track) => state.update((current) => withTrack(current, userId, track)),
      onConnected: (connected) => showConnection({ carried: connected }),
    })
    resumeKey = joined.resumeKey
    state.update((current) =>
      withSelf(withPeers({ ...current, peers: [], troubled: [] }, joined.peers), joined.self),
    )
    showConnection({ signalled: true })
    const consuming = consume(joined.consumers)
    release()
    await Promise.all([consuming, publishAll()])
  }

  const request: Signalling['request'] = async (type, data, patience) => {
    if (!signalling) throw new SignallingError('CLOSED', 'The call has no socket.')
    return signalling.request(type, data, patience)
  }

  const viewing = createViewing({ request })

  /** Open the next socket; a call that is over opens none, or its peer would stay behind unseen. */
  function connect() {
    if (over) throw new SignallingError('CLOSED', 'The call is over.')
    signalling?.close()
    broken = false
    held = []
    signalling = openSocket(join)
  }

  async function consume(consumers: ConsumerOptions[]) {
    await media?.consume(consumers)
  }

  /** Failing to send is told by `publish`; after a reconnect there is nobody to tell. */
  async function publishAll() {
    const tracks = Object.entries(state.get().self.tracks) as [Source, LocalTrack][]
    await Promise.allSettled(tracks.map(([source, local]) => media?.sync(source, local)))
  }

  function release() {
    const notices = held ?? []
    held = null
    for (const notice of notices) receive(notice)
  }

  function receive(notice: Notice) {
    if (held && notice.type !== 'closed') {
      held.push(notice)
      return
    }
    state.update((current) => applyNotice(current, notice))
    if (notice.type === 'consumer.opened') consume([notice.consumer]).catch(() => {})
    if (notice.type === 'consumer.closed') media?.closeConsumer(notice.consumerId)
    if (notice.type === 'consumer.paused') media?.setConsumerPaused(notice.consumerId, true)
    if (notice.type === 'consumer.resumed') media?.setConsumerPaused(notice.consumerId, false)
    if (notice.type === 'producer.closed') producerClosed(notice.producerId)
    if (notice.type === 'producer.paused') mutedBy(notice.producerId, notice.byUserId)
    if (notice.type === 'producer.layers') {
      media?.encodeUpTo(notice.producerId, notice.maxSpatialLayer).catch(() => {})
    }
    if (notice.type === 'closed') closedFor = notice.reason
  }

  function producerClosed(producerId: string) {
    const source = media?.producerClosed(producerId)
    if (source) drop(source)
  }

  /** Send nothing more either, until one unmutes again. */
  function mutedBy(producerId: string, userId: string | null) {
    const source = media?.sourceOf(producerId)
    const local = source && state.get().self.tracks[source]
    if (!local) return
    void apply(source, { ...local, paused: true, mutedBy: userId }).catch(() => {})
  }

  function socketClosed(code: number) {
    if (over) return
    if (code === closeCodes.gone) return finish(closedFor ?? 'ended')
    if (code === closeCodes.replaced) return finish('replaced')
    if (busy) broken = true
    else void mend()
  }

  /** Resume while the SFU keeps the peer, else join anew, on another node if need be. */
  async function mend() {
    busy = true
    showConnection({ signalled: false })
    const giveUpAt = Date.now() + mendingMs
    let resumable = resumeKey !== ''
    for (let attempt = 0; !over && Date.now() < giveUpAt; attempt++) {
      if (attempt > 0)
        await new Promise((done) => setTimeout(done, backoff(attempt - 1, { max: 2_000 })))
      if (over) return
      try {
        if (resumable) await resumeOrMove()
        else await rejoin()
        if (broken) continue
        busy = false
        return
      } catch (error) {
        if (error instanceof RequestError && error.code === 'IN_ANOTHER_CALL') {
          return finish('replaced')
        }
        if (error instanceof RequestError && isFinal(error)) return finish('ended')
        if (error instanceof SignallingError && error.code === 'CALL_ENDED') return finish('ended')
        // The SFU has answered that it knows this peer no more.
        resumable = resumable && (error instanceof RequestError || isSilence(error))
      }
    }
    finish('lost')
  }

  /**
   * A socket that does not open may be a node that died, and the server knows of another one. Or
   * it is the way to a node that lives and keeps this peer: the media flows on, so it is kept.
   */
  async function resumeOrMove() {
    try {
      await resume()
    } catch (error) {
      if (!isSilence(error)) throw error
      const { epoch } = state.get().call
      const anew = await askAgain()
      if (anew.call.epoch === epoch) throw error
      await enter()
    }
  }

  async function resume() {
    connect()
    const asked = { callId: state.get().call.id, resumeKey }
    const resumed = await request('resume', asked, restartPatience)
    await media?.resume(resumed)
    const known = new Set(
      state.get().peers.flatMap((peer) => Object.values(peer.tracks).map((t) => t.consumerId)),
    )
    // Whose way is bad is told again soon.
    state.update((current) =>
      withSelf(
        withConsumers(withPeers({ ...current, troubled: [] }, resumed.peers), resumed.consumers),
        resumed.self,
      ),
    )
    showConnection({ signalled: true })
    const consuming = consume(resumed.consumers.filter(({ id }) => !known.has(id)))
    release()
    await consuming
    for (const producerId of resumed.mutedProducerIds) mutedBy(producerId, null)
    viewing.retell()
    await publishAll()
  }

  async function rejoin() {
    await askAgain()
    await enter()
  }

  /** Have the server say where the call is now. */
  async function askAgain(): Promise<CallAnswer> {
    const { call } = state.get()
    const anew = await options.rest.joinCall(call.id, { failedEpoch: call.epoch, resumeKey })
    join = anew.join
    state.update((current) => ({ ...current, call: anew.call }))
    return anew
  }

  const setLocal = (source: Source, local: LocalTrack | undefined) => {
    state.update((current) => {
      const { [source]: before, ...rest } = current.self.tracks
      if (before?.track && before.track !== local?.track) before.track.stop()
      const tracks = local ? { ...rest, [source]: local } : rest
      return { ...current, self: { ...current.self, tracks } }
    })
  }

  function drop(source: Source) {
    setLocal(source, undefined)
  }

  async function apply(source: Source, local: LocalTrack | undefined) {
    setLocal(source, local)
    await media?.sync(source, local)
  }

  function finish(reason: LeaveReason | 'failed') {
    if (over) return
    setPhase({ status: 'ended', reason, outcome: null })
    over = true
    for (const source of Object.keys(state.get().self.tracks) as Source[]) drop(source)
    media?.close()
    // The others need not wait until this peer is given up.
    if (reason === 'failed' || reason === 'lost') request('leave', {}).catch(() => {})
    signalling?.close()
    state.update((current) => ({ ...current, peers: [] }))
  }

  const session: CallSession = {
    state,
    async publish(source, track, paused = false) {
      if (over) return track.stop()
      track.addEventListener('ended', () => {
        // The device is gone, or the browser's own "stop sharing" was pressed.
        if (state.get().self.tracks[source]?.track !== track) return
        const gone = source === 'screen' || source === 'screenAudio'
        void (gone ? session.unpublish(source) : session.release(source)).catch(() => {})
      })
      try {
        await apply(source, { track, paused })
      } catch (error) {
        if (state.get().self.tracks[source]?.track === track) drop(source)
        throw error
      }
    },
    async setMuted(source, muted) {
      const local = state.get().self.tracks[source]
      if (local) await apply(source, { track: local.track, paused: muted })
    },
    async release(source) {
      if (state.get().self.tracks[source]) await apply(source, { track: null, paused: true })
    },
    unpublish: (source) => apply(source, undefined),
    want: viewing.want,
    setWatching: viewing.setWatching,
    async raiseHand(raised) {
      await request('raiseHand', { raised })
    },
    async stay() {
      await request('stay', {})
      state.update((current) => ({ ...current, aloneUntil: null }))
    },
    stats: async () => (await media?.stats()) ?? { send: null, recv: null },
    async leave() {
      if (over) return
      const told = request('leave', {}).catch(() => {})
      await Promise.race([told, new Promise((done) => setTimeout(done, 500))])
      finish('left')
    },
  }

  return {
    session,
    /** Resolves once in; a call that can't be entered ends with `failed`. @throws RequestError, SignallingError */
    async enter() {
      try {
        await enter()
        busy = false
        if (broken) void mend()
      } catch (error) {
        const ended = error instanceof SignallingError && error.code === 'CALL_ENDED'
        finish(ended ? 'ended' : 'failed')
        throw error
      }
    },
    /** The network has changed: try the ways to the SFU at once, those of media and the socket. */
    async tryNetwork() {
      if (!over) await media?.restartIce().catch(() => {})
    },
    /** The server has news of the call. */
    update(call: Call) {
      state.update((current) => ({ ...current, call }))
    },
    /** The server says that the call is over; the SFU may have said so before. */
    close(outcome: CallOutcome) {
      finish('ended')
      state.update((current) => {
        const { phase } = current
        if (phase.status !== 'ended' || phase.reason !== 'ended') return current
        return { ...current, phase: { ...phase, outcome } }
      })
    },
  }
}

/** The SFU was not reached, which says nothing of what it would have answered. */
function isSilence(error: unknown): boolean {
  return error instanceof SignallingError && (error.code === 'CLOSED' || error.code === 'TIMEOUT')
}

/** The server will not let this user back in. */
function isFinal(error: RequestError): boolean {
  return ['CALL_ENDED', 'NOT_FOUND', 'FORBIDDEN', 'CALL_FULL'].includes(error.code)
}
