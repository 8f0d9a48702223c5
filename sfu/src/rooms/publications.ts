import { type Source, sourceKind } from '@beseda/protocol/media'
import type { ParsedRequestData } from '@beseda/protocol/signalling'
import type { types } from 'mediasoup'
import { Refusal } from '../refusal.ts'
import { reasonOf } from '../start-error.ts'
import { toMediasoupParameters } from './rtp.ts'

export type Published = types.Producer<{ userId: string; source: Source }>

/** The index of a video's highest layer. */
export function topLayer(producer: Published): number {
  return Math.max(0, (producer.rtpParameters.encodings?.length ?? 1) - 1)
}

/**
 * Chromium ignores a request for a key frame within 300 ms of the one before, and
 * mediasoup asks again only after a second; held back this long, it is heard.
 */
const keyFrameRequestDelayMs = 350

/** Layers of simulcast that one video may have. */
const maxVideoLayers = 3

type PublicationsOptions = {
  transport: types.WebRtcTransport
  userId: string
  /** Sources that may be published at first. */
  allowed: readonly Source[]
  /** A producer was closed, by its owner or with its transport. */
  onClosed: (producer: Published) => void
}

/** What a peer sends: at most one producer for each source. */
export class Publications {
  readonly #options: PublicationsOptions
  #allowed: readonly Source[]
  readonly #producers = new Map<string, Published>()
  /** Sources whose producer is open or being opened. */
  readonly #taken = new Set<Source>()
  /** Producers that a moderator muted and that are paused still. */
  readonly #muted = new WeakSet<Published>()

  constructor(options: PublicationsOptions) {
    this.#options = options
    this.#allowed = options.allowed
  }

  get all(): Published[] {
    return [...this.#producers.values()]
  }

  /** What may be published now. */
  get allowed(): readonly Source[] {
    return this.#allowed
  }

  /** Those that a moderator muted and that are paused still. */
  get muted(): Published[] {
    return this.all.filter((producer) => this.#muted.has(producer))
  }

  get size(): number {
    return this.#producers.size
  }

  get sources(): Source[] {
    return this.all.map((producer) => producer.appData.source)
  }

  /** @throws Refusal FORBIDDEN, VALIDATION, LIMIT, UNSUPPORTED_MEDIA, NOT_FOUND */
  async open(request: ParsedRequestData<'produce'>): Promise<Published> {
    const { source } = request
    this.#check(request)
    this.#taken.add(source)
    try {
      const producer = await this.#produce(request)
      if (!this.#allowed.includes(source)) {
        producer.close()
        throw forbidden(source)
      }
      this.#producers.set(producer.id, producer)
      producer.observer.once('close', () => {
        this.#producers.delete(producer.id)
        this.#taken.delete(source)
        this.#options.onClosed(producer)
      })
      return producer
    } catch (error) {
      this.#taken.delete(source)
      throw error
    }
  }

  async pause(producerId: string): Promise<void> {
    await this.#own(producerId).pause()
  }

  async resume(producerId: string): Promise<void> {
    const producer = this.#own(producerId)
    this.#muted.delete(producer)
    await producer.resume()
  }

  /** Pause what runs of these sources, on a moderator's word. Answers the ids of what was running. */
  async mute(sources: readonly Source[]): Promise<string[]> {
    const running = this.all.filter(
      (producer) => !producer.paused && sources.includes(producer.appData.source),
    )
    for (const producer of running) this.#muted.add(producer)
    await Promise.all(running.map(pauseUnlessClosed))
    return running.map((producer) => producer.id)
  }

  close(producerId: string): void {
    this.#own(producerId).close()
  }

  /** From now on these sources alone; producers of others are closed. Answers their ids. */
  allow(sources: readonly Source[]): string[] {
    this.#allowed = sources
    const refused = this.all.filter((producer) => !sources.includes(producer.appData.source))
    for (const producer of refused) producer.close()
    return refused.map((producer) => producer.id)
  }

  #check({ transportId, kind, source, rtpParameters }: ParsedRequestData<'produce'>): void {
    if (transportId !== this.#options.transport.id) {
      throw new Refusal('NOT_FOUND', 'no such sending transport')
    }
    if (!this.#allowed.includes(source)) throw forbidden(source)
    if (sourceKind[source] !== kind) {
      throw new Refusal('VALIDATION', `${source} is ${sourceKind[source]}, not ${kind}`)
    }
    if (this.#taken.has(source)) throw new Refusal('LIMIT', `${source} is published already`)
    if ((rtpParameters.encodings?.length ?? 0) > maxVideoLayers) {
      throw new Refusal('UNSUPPORTED_MEDIA', `at most ${maxVideoLayers} encodings`)
    }
  }

  async #produce(request: ParsedRequestData<'produce'>): Promise<Published> {
    const { transport, userId } = this.#options
    try {
      return await transport.produce({
        kind: request.kind,
        rtpParameters: toMediasoupParameters(request.rtpParameters),
        paused: request.paused,
        keyFrameRequestDelay: keyFrameRequestDelayMs,
        appData: { userId, source: request.source },
      })
    } catch (error) {
      if (transport.closed) throw new Refusal('NOT_FOUND', 'no such sending transport')
      throw new Refusal('UNSUPPORTED_MEDIA', reasonOf(error))
    }
  }

  #own(producerId: string): Published {
    const producer = this.#producers.get(producerId)
    if (producer === undefined) throw new Refusal('NOT_FOUND', 'no such producer')
    return producer
  }
}

async function pauseUnlessClosed(producer: Published): Promise<void> {
  try {
    await producer.pause()
  } catch (error) {
    if (!producer.closed) throw error
  }
}

const forbidden = (source: Source) =>
  new Refusal('FORBIDDEN', `publishing ${source} is not allowed`)
