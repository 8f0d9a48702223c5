import type { Join } from '@beseda/protocol/calls'
import type { RtpCapabilities, Source, TransportOptions } from '@beseda/protocol/media'
import type { ConsumerOptions, Joined, Resumed } from '@beseda/protocol/signalling'
import type { types } from 'mediasoup-client'
import { producerOptions } from './encodings.ts'
import { type Signalling, SignallingError } from './signalling.ts'
import type { LocalTrack, RemoteTrack } from './state.ts'
import type { Viewing } from './viewing.ts'
import type { WantedLayer } from './wants.ts'

/** A call's transports, producers and consumers on this side. */
export type CallMedia = {
  /** Open consumers and have the SFU start them; each track is told as soon as it is there. */
  consume(consumers: ConsumerOptions[]): Promise<void>
  closeConsumer(consumerId: string): void
  /** The owner has muted the track, or no longer; one that is being opened will say so. */
  setConsumerPaused(consumerId: string, paused: boolean): void
  /** Encode the layers of an own video up to this one, and none for null: nobody watches the rest. */
  encodeUpTo(producerId: string, layer: WantedLayer): Promise<void>
  /** Make the producer of a source be as `local` says: open, replaced, paused, or closed. */
  sync(source: Source, local: LocalTrack | undefined): Promise<void>
  /** Take over what the SFU says after the signalling socket was away. */
  resume(resumed: Resumed): Promise<void>
  /** What an own producer sends. */
  sourceOf(producerId: string): Source | null
  /** Look for a new way to the SFU at once, as when the network has changed. */
  restartIce(): Promise<void>
  /** The producer was closed by the SFU. Returns its source. */
  producerClosed(producerId: string): Source | null
  stats(): Promise<{ send: RTCStatsReport | null; recv: RTCStatsReport | null }>
  close(): void
}

type MediaOptions = {
  device: types.Device
  joined: Joined
  signalling: () => Pick<Signalling, 'request'>
  iceServers: Join['iceServers']
  iceTransportPolicy?: RTCIceTransportPolicy | undefined
  /** Told of pictures that open and close; says which of them are to be started. */
  viewing: Viewing
  onTrack(userId: string, track: RemoteTrack): void
  /** Whether every transport that was connected still is. */
  onConnected(connected: boolean): void
}

/** How long a transport may look for its first path before one is told that there seems to be none. */
const firstPathMs = 4_000

/** How long a transport may be disconnected before ICE is restarted. */
const disconnectedMs = 2_000

/** Who is cut off wants to know soon whether the signalling socket is dead as well. */
export const restartPatience = 4_000

/** Open both transports towards the SFU; they connect with their first track. */
export function createMedia(options: MediaOptions): CallMedia {
  const { device, joined, signalling } = options
  const disconnected = new Set<types.Transport>()
  const send = connectable(
    options,
    device.createSendTransport(open(options, joined.sendTransport)),
    disconnected,
  )
  const recv = connectable(
    options,
    device.createRecvTransport(open(options, joined.recvTransport)),
    disconnected,
  )
  const producers = new Map<Source, types.Producer>()
  const consumers = new Map<string, types.Consumer>()
  /** Consumers that are being opened here and have not been closed by the SFU meanwhile; whether each is paused. */
  const opening = new Map<string, boolean>()
  /** Producers that the SFU has paused; it may not have heard the last word on a broken socket. */
  const pausedThere = new WeakSet<types.Producer>()
  const queues = new Map<Source, Promise<void>>()

  send.on('produce', ({ kind, rtpParameters, appData }, resolve, reject) => {
    const { source, paused } = appData as { source: Source; paused: boolean }
    signalling()
      .request('produce', { transportId: send.id, kind, rtpParameters, source, paused })
      .then(({ producerId }) => resolve({ id: producerId }), reject)
  })

  async function consume(wanted: ConsumerOptions[]) {
    if (wanted.length === 0) return
    const seen = wanted.filter((one) => one.source === 'microphone' || options.viewing.open(one))
    // Asked at once, behind the transport's `connect`: the SFU keeps the order of frames.
    const resumed = untilConnecting(recv).then(() => start(seen))
    await Promise.all([...wanted.map(openConsumer), resumed])
  }

  async function start(wanted: { id: string }[]) {
    if (wanted.length === 0) return
    const consumerIds = wanted.map(({ id }) => id)
    await signalling().request('resumeConsumers', { consumerIds }).catch(unlessGone)
  }

  async function openConsumer(wanted: ConsumerOptions) {
    opening.set(wanted.id, wanted.producerPaused)
    const screen = wanted.source === 'screen' || wanted.source === 'screenAudio'
    const consumer = await recv.consume({
      id: wanted.id,
      producerId: wanted.producerId,
      kind: wanted.kind,
      rtpParameters: wanted.rtpParameters as types.RtpParameters,
      // Tracks of one stream are kept in step: lips with voice, screen with its sound.
      streamId: screen ? `${wanted.userId}-screen` : wanted.userId,
    })
    const paused = opening.get(wanted.id)
    if (paused === undefined) return consumer.close()
    opening.delete(wanted.id)
    consumers.set(consumer.id, consumer)
    consumer.observer.once('close', () => {
      consumers.delete(consumer.id)
      options.viewing.close(consumer.id)
    })
    const { userId, source } = wanted
    options.onTrack(userId, { consumerId: consumer.id, source, track: consumer.track, paused })
  }

  async function syncNow(source: Source, local: LocalTrack | undefined) {
    const producer = producers.get(source)
    if (!producer) {
      if (!local?.track) return
      const { track, paused } = local
      const made = await send.produce({
        ...producerOptions(source, device),
        track,
        stopTracks: false,
        appData: { source, paused },
      })
      producers.set(source, made)
      if (!paused) return
      made.pause()
      pausedThere.add(made)
      return
    }
    if (!local) {
      producers.delete(source)
      producer.close()
      await signalling().request('closeProducer', { producerId: producer.id })
      return
    }
    if (producer.track !== local.track) await producer.replaceTrack({ track: local.track })
    const paused = local.paused || local.track === null
    if (paused) producer.pause()
    else producer.resume()
    if (pausedThere.has(producer) === paused) return
    await signalling().request(paused ? 'pauseProducer' : 'resumeProducer', {
      producerId: producer.id,
    })
    if (paused) pausedThere.add(producer)
    else pausedThere.delete(producer)
  }

  function sourceOf(producerId: string): Source | null {
    const found = [...producers].find(([, { id }]) => id === producerId)
    return found?.[0] ?? null
  }

  return {
    consume,
    closeConsumer(consumerId) {
      opening.delete(consumerId)
      options.viewing.close(consumerId)
      consumers.get(consumerId)?.close()
    },
    setConsumerPaused(consumerId, paused) {
      if (opening.has(consumerId)) opening.set(consumerId, paused)
    },
    async encodeUpTo(producerId, layer) {
      const source = sourceOf(producerId)
      const sender = source && producers.get(source)?.rtpSender
      if (!sender) return
      const parameters = sender.getParameters()
      for (const [index, encoding] of parameters.encodings.entries()) {
        encoding.active = layer !== null && index <= layer
      }
      await sender.setParameters(parameters)
    },
    sync(source, local) {
      const turn = (queues.get(source) ?? Promise.resolve()).then(() => syncNow(source, local))
      queues.set(
        source,
        turn.catch(() => {}),
      )
      return turn
    },
    async resume(resumed) {
      const alive = new Set(resumed.consumers.map(({ id }) => id))
      for (const consumer of [...consumers.values()]) if (!alive.has(consumer.id)) consumer.close()
      const own = new Set([...producers.values()].map(({ id }) => id))
      for (const [source, producer] of producers) {
        if (resumed.producerIds.includes(producer.id)) continue
        producers.delete(source)
        producer.close()
      }
      // Opened or given up while nobody could be told: they would hold the place of the next one.
      const strays = resumed.producerIds.filter((id) => !own.has(id))
      await Promise.all([
        restart(send, resumed.sendIceParameters),
        restart(recv, resumed.recvIceParameters),
        ...strays.map((producerId) => signalling().request('closeProducer', { producerId })),
      ])
    },
    sourceOf,
    async restartIce() {
      await Promise.all([send, recv].map((transport) => restartIce(options, transport)))
    },
    producerClosed(producerId) {
      const source = sourceOf(producerId)
      if (source === null) return null
      producers.get(source)?.close()
      producers.delete(source)
      return source
    },
    async stats() {
      const ofProducers = producers.size > 0 ? await send.getStats() : null
      return { send: ofProducers, recv: consumers.size > 0 ? await recv.getStats() : null }
    },
    close() {
      send.close()
      recv.close()
    },
  }
}

type CreateDevice = () => Promise<types.Device>

/** One device a set of capabilities: loading asks the browser what it can do, which takes a while. */
const devices = new WeakMap<CreateDevice, Map<string, Promise<types.Device>>>()

/** The mediasoup device for these capabilities; each way to create one is asked once. */
export function loadDevice(
  createDevice: CreateDevice,
  rtpCapabilities: RtpCapabilities,
): Promise<types.Device> {
  const key = JSON.stringify(rtpCapabilities)
  const own = devices.get(createDevice) ?? new Map<string, Promise<types.Device>>()
  devices.set(createDevice, own)
  const known = own.get(key)
  if (known) return known
  const loading = createDevice().then(async (device) => {
    await device.load({ routerRtpCapabilities: rtpCapabilities as types.RtpCapabilities })
    return device
  })
  own.set(key, loading)
  loading.catch(() => own.delete(key))
  return loading
}

function open(
  { iceServers, iceTransportPolicy }: MediaOptions,
  transport: TransportOptions,
): types.TransportOptions {
  return { ...transport, iceServers, ...(iceTransportPolicy && { iceTransportPolicy }) }
}

/** Wire a transport's `connect` to signalling and watch over its connection; `disconnected` is kept true. */
function connectable(
  options: MediaOptions,
  transport: types.Transport,
  disconnected: Set<types.Transport>,
): types.Transport {
  let timer: ReturnType<typeof setTimeout> | undefined
  const cutOff = () => {
    disconnected.add(transport)
    options.onConnected(false)
  }
  transport.on('connect', ({ dtlsParameters }, resolve) => {
    timer = setTimeout(cutOff, firstPathMs)
    // Not awaited: what follows on the socket is handled behind it, which saves a round trip.
    options
      .signalling()
      .request('connectTransport', { transportId: transport.id, dtlsParameters })
      .catch(() => {})
    resolve()
  })
  transport.on('connectionstatechange', (connection) => {
    // It goes on looking for a path.
    if (connection === 'new' || connection === 'connecting') return
    clearTimeout(timer)
    if (transport.closed || connection === 'closed') return
    if (connection === 'connected') {
      disconnected.delete(transport)
      return options.onConnected(disconnected.size === 0)
    }
    cutOff()
    const delay = connection === 'failed' ? 0 : disconnectedMs
    timer = setTimeout(() => restartIce(options, transport).catch(() => {}), delay)
  })
  transport.observer.once('close', () => clearTimeout(timer))
  return transport
}

async function restartIce({ signalling }: MediaOptions, transport: types.Transport) {
  // One that has not been used yet has nothing to restart.
  if (transport.connectionState === 'new') return
  const asked = { transportId: transport.id }
  const { iceParameters } = await signalling().request('restartIce', asked, restartPatience)
  await restart(transport, iceParameters)
}

/** Resolves when the transport has said `connect`, or had before. */
function untilConnecting(transport: types.Transport): Promise<void> {
  if (transport.connectionState !== 'new') return Promise.resolve()
  return new Promise((resolve) => {
    transport.on('connect', () => resolve())
    transport.on('connectionstatechange', () => resolve())
  })
}

/** Who was heard or seen may be gone again before the asking: that breaks nobody's call. */
function unlessGone(error: unknown) {
  if (!(error instanceof SignallingError && error.code === 'NOT_FOUND')) throw error
}

async function restart(transport: types.Transport, iceParameters: types.IceParameters) {
  if (!transport.closed) await transport.restartIce({ iceParameters })
}
