import type { ConsumerOptions, Notice, ParsedRequestData } from '@beseda/protocol/signalling'
import type { types } from 'mediasoup'
import { Refusal } from '../refusal.ts'
import type { Want } from './layers.ts'
import { type Published, topLayer } from './publications.ts'
import { fromMediasoupParameters } from './rtp.ts'

type Subscription = { consumer: types.Consumer; producer: Published }

type SubscriptionsOptions = {
  router: types.Router
  transport: types.WebRtcTransport
  rtpCapabilities: types.RtpCapabilities
  notify: (notice: Notice) => void
  /** What `wantOf` answers for a producer may be another than before. */
  onWanted: (producer: Published) => void
}

/** What a peer receives: one consumer for each producer of the others that it can decode. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions
  readonly #open = new Map<string, Subscription>()
  /** Producers whose consumer is open or being opened. */
  readonly #taken = new Set<string>()

  constructor(options: SubscriptionsOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#open.size
  }

  /** Every open consumer as the client needs to know it. */
  get all(): ConsumerOptions[] {
    return [...this.#open.values()].map(describe)
  }

  /**
   * Open a paused consumer and notify the client of it. Does nothing when there
   * is one already, when the client can't decode the producer, and when either
   * side closes meanwhile.
   */
  async open(producer: Published): Promise<void> {
    const { router, rtpCapabilities } = this.#options
    if (this.#taken.has(producer.id) || producer.closed) return
    if (!router.canConsume({ producerId: producer.id, rtpCapabilities })) return
    this.#taken.add(producer.id)
    const consumer = await this.#consume(producer)
    if (consumer === undefined || consumer.closed) {
      this.#taken.delete(producer.id)
      return
    }
    const subscription = { consumer, producer }
    this.#open.set(consumer.id, subscription)
    this.#follow(subscription)
    this.#options.notify({ type: 'consumer.opened', consumer: describe(subscription) })
    if (producer.appData.source === 'screen') await weigh(consumer, priorities.screen)
  }

  /** Start the flow; mediasoup asks the sender for a key frame. Closed ones are passed over. */
  async resume(consumerIds: string[]): Promise<void> {
    const wanted = consumerIds.flatMap((id) => this.#open.get(id) ?? [])
    if (wanted.length === 0) throw new Refusal('NOT_FOUND', 'no such consumer')
    await Promise.all(wanted.map(({ consumer }) => resumeUnlessClosed(consumer)))
    for (const { producer } of wanted) this.#options.onWanted(producer)
  }

  async pause(consumerId: string): Promise<void> {
    const { consumer, producer } = this.#own(consumerId)
    await consumer.pause()
    this.#options.onWanted(producer)
  }

  /** The highest layer that the client wants of a video; null while it has it paused or not at all. */
  wantOf(producer: Published): Want {
    for (const { consumer, producer: of } of this.#open.values()) {
      if (of !== producer) continue
      const top = topLayer(producer)
      return consumer.paused ? null : Math.min(consumer.preferredLayers?.spatialLayer ?? top, top)
    }
    return null
  }

  async prefer(request: ParsedRequestData<'setPreferredLayers'>): Promise<void> {
    const { consumerId, spatialLayer, temporalLayer } = request
    const { consumer, producer } = this.#own(consumerId)
    await consumer.setPreferredLayers({
      spatialLayer,
      ...(temporalLayer === undefined ? {} : { temporalLayer }),
    })
    this.#options.onWanted(producer)
  }

  /** The one who speaks comes before the others when bandwidth is scarce. */
  async favour(userId: string): Promise<void> {
    const cameras = [...this.#open.values()].filter(
      ({ producer }) => producer.appData.source === 'camera',
    )
    await Promise.all(
      cameras.map(({ consumer, producer }) =>
        weigh(
          consumer,
          producer.appData.userId === userId ? priorities.speaker : priorities.camera,
        ),
      ),
    )
  }

  async #consume(producer: Published): Promise<types.Consumer | undefined> {
    const { transport, rtpCapabilities } = this.#options
    try {
      // Sound is repeated as well where it was lost; mediasoup leaves that out unless asked.
      return await transport.consume({
        producerId: producer.id,
        rtpCapabilities,
        paused: true,
        enableRtx: true,
      })
    } catch (error) {
      this.#taken.delete(producer.id)
      if (transport.closed || producer.closed) return undefined
      throw error
    }
  }

  #own(consumerId: string): Subscription {
    const subscription = this.#open.get(consumerId)
    if (subscription === undefined) throw new Refusal('NOT_FOUND', 'no such consumer')
    return subscription
  }

  #follow({ consumer, producer }: Subscription): void {
    const { notify } = this.#options
    const consumerId = consumer.id
    let shown: number | null = null
    consumer.observer.once('close', () => {
      this.#open.delete(consumerId)
      this.#taken.delete(producer.id)
      this.#options.onWanted(producer)
    })
    consumer.on('producerclose', () => notify({ type: 'consumer.closed', consumerId }))
    consumer.on('producerpause', () => notify({ type: 'consumer.paused', consumerId }))
    consumer.on('producerresume', () => notify({ type: 'consumer.resumed', consumerId }))
    consumer.on('layerschange', (layers) => {
      const spatialLayer = layers?.spatialLayer ?? null
      if (spatialLayer === shown) return
      shown = spatialLayer
      notify({ type: 'consumer.layers', consumerId, spatialLayer })
    })
  }
}

/** Which pictures a scarce bandwidth is given to first (mediasoup: 1 to 255). Sound is not weighed: all of it goes. */
const priorities = { camera: 1, speaker: 100, screen: 200 }

async function weigh(consumer: types.Consumer, priority: number): Promise<void> {
  if (consumer.closed || consumer.priority === priority) return
  try {
    await consumer.setPriority(priority)
  } catch (error) {
    if (!consumer.closed) throw error
  }
}

async function resumeUnlessClosed(consumer: types.Consumer): Promise<void> {
  try {
    await consumer.resume()
  } catch (error) {
    if (!consumer.closed) throw error
  }
}

function describe({ consumer, producer }: Subscription): ConsumerOptions {
  return {
    id: consumer.id,
    producerId: producer.id,
    userId: producer.appData.userId,
    source: producer.appData.source,
    kind: consumer.kind,
    rtpParameters: fromMediasoupParameters(consumer.rtpParameters),
    producerPaused: consumer.producerPaused,
  }
}
