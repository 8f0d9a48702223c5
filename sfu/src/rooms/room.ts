import type { CallClaims } from '@beseda/protocol/call-token'
import type { Source } from '@beseda/protocol/media'
import type { Joined, LeaveReason, Notice, Resumed } from '@beseda/protocol/signalling'
import type { FastifyBaseLogger } from 'fastify'
import type { types } from 'mediasoup'
import { Refusal } from '../refusal.ts'
import type { MediaWorker, Stage } from '../workers/media-worker.ts'
import { type AloneTimes, AloneWatch } from './alone.ts'
import type { Decisions } from './decisions.ts'
import { LayerDemand } from './layers.ts'
import { type Link, Peer } from './peer.ts'
import { type Published, topLayer } from './publications.ts'
import type { RoomLog } from './room-log.ts'
import { fromMediasoupCapabilities } from './rtp.ts'
import { describeTransport, openTransports, type Transports } from './transports.ts'
import { UplinkWatch } from './uplinks.ts'

export type RoomOptions = {
  callId: string
  chatId: string
  epoch: number
  /** When the call began, in milliseconds. */
  startedAt: number
  worker: MediaWorker
  stage: Stage
  addresses: () => string[]
  decisions: Decisions
  resumeGrace: number
  alone: AloneTimes
  log: RoomLog
  logger: FastifyBaseLogger
  onClosed: (room: Room) => void
}

/**
 * `lost`: its worker died or the node stops, and the call goes on if its peers
 * come back; `moved`: another node has the call now; `alone`: the only one left did not answer.
 */
export type RoomEnd = 'ended' | 'lost' | 'moved' | 'alone'

const leaveReasonOf: Record<RoomEnd, LeaveReason> = {
  ended: 'ended',
  lost: 'lost',
  moved: 'lost',
  alone: 'ended',
}

/** A call on this node: its router and its peers, one for each user. */
export class Room {
  readonly options: RoomOptions
  readonly #peers = new Map<string, Peer>()
  readonly #alone: AloneWatch
  readonly #uplinks: UplinkWatch
  /** By video producer: what its owner was told of it. */
  readonly #demands = new Map<Published, LayerDemand>()
  /** Joins that are under way and have no entry in `#peers` yet. */
  #joining = 0
  #closed = false

  constructor(options: RoomOptions) {
    this.options = options
    this.#alone = new AloneWatch({
      ...options.alone,
      ask: (endsAt) => this.#broadcast({ type: 'alone', endsAt: new Date(endsAt).toISOString() }),
      end: () => this.close('alone'),
    })
    this.#uplinks = new UplinkWatch({
      look: () => this.#countUplinks(),
      tell: (troubled) => this.#broadcast({ type: 'uplinks', troubled }),
    })
    const { router, levels } = options.stage
    router.once('workerclose', () => this.close('lost'))
    levels.on('volumes', (volumes) => this.#announceSpeakers(volumes))
    levels.on('silence', () => this.#announceSpeakers([]))
    options.log.opened(this)
  }

  get callId(): string {
    return this.options.callId
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Producers and consumers that are open. */
  get load(): number {
    const peers = [...this.#peers.values()]
    return peers.reduce((sum, peer) => sum + peer.published.size + peer.subscribed.size, 0)
  }

  get peers(): Peer[] {
    return [...this.#peers.values()].filter((peer) => peer.present)
  }

  peer(userId: string): Peer | undefined {
    const peer = this.#peers.get(userId)
    return peer?.present ? peer : undefined
  }

  /**
   * Let a user in; an older peer of the same user is replaced. The notices that
   * `link` gets start where the answer ends.
   *
   * @throws Refusal CALL_FULL, or CALL_ENDED or ALREADY_JOINED when that happens meanwhile
   */
  async join(
    claims: CallClaims,
    rtpCapabilities: types.RtpCapabilities,
    link: Link,
  ): Promise<{ peer: Peer; joined: Joined }> {
    const peer = await this.#admit(claims, rtpCapabilities)
    const producers = this.#others(peer).flatMap((other) => other.published.all)
    await Promise.all(producers.map((producer) => this.#offer(peer, producer)))
    if (this.#closed) throw new Refusal('CALL_ENDED', 'the call ended meanwhile')
    if (peer.closed) throw new Refusal('ALREADY_JOINED', 'joined from elsewhere meanwhile')
    const joined = this.#describeTo(peer)
    peer.attach(link)
    this.#broadcast({ type: 'peer.joined', peer: peer.info }, peer)
    this.options.log.joined(this, peer)
    this.#alone.update(this.peers.length)
    return { peer, joined }
  }

  /**
   * Give a peer whose socket dropped a new one, and both transports new ICE.
   *
   * @throws Refusal WRONG_NODE when no peer has this key
   */
  async resume(resumeKey: string, link: Link): Promise<{ peer: Peer; resumed: Resumed }> {
    const peer = this.peers.find((candidate) => candidate.resumeKey === resumeKey)
    if (peer === undefined) throw new Refusal('WRONG_NODE', 'no such peer is waiting here')
    const { send, recv } = peer.transports
    const [sendIceParameters, recvIceParameters] = await Promise.all([
      send.restartIce(),
      recv.restartIce(),
    ])
    if (peer.closed) throw new Refusal('WRONG_NODE', 'the wait was over meanwhile')
    const resumed = {
      sendIceParameters,
      recvIceParameters,
      self: peer.info,
      peers: this.#others(peer).map((other) => other.info),
      consumers: peer.subscribed.all,
      producerIds: peer.published.all.map((producer) => producer.id),
      mutedProducerIds: peer.published.muted.map((producer) => producer.id),
    }
    peer.attach(link)
    return { peer, resumed }
  }

  /** Put a user out, who may still be on the way in. */
  remove(userId: string, reason: LeaveReason): void {
    this.#peers.get(userId)?.close(reason)
  }

  /** What a user may publish from now on. */
  allow(userId: string, sources: readonly Source[], lowerHand: boolean): void {
    const peer = this.#peers.get(userId)
    if (!peer) return
    peer.allow(sources)
    if (lowerHand) peer.raiseHand(false)
    this.#tellOf(peer)
    if (peer.present) this.options.log.updated(this, peer)
  }

  /** Pause what a user sends, on a moderator's word. */
  async mute(userId: string, sources: readonly Source[], byUserId: string): Promise<void> {
    await this.#peers.get(userId)?.mute(sources, byUserId)
  }

  /** A peer asks to speak, or no longer. */
  raiseHand(peer: Peer, raised: boolean): void {
    if (peer.raiseHand(raised)) this.#tellOf(peer)
  }

  /** Who is alone here wants the call to go on. */
  stay(): void {
    this.#alone.stay()
  }

  /** Tell everybody else of a new producer: each gets a paused consumer. */
  announce(owner: Peer, producer: Published): void {
    if (producer.appData.source === 'microphone') {
      const { levels } = this.options.stage
      levels.addProducer({ producerId: producer.id }).catch(() => undefined)
    }
    if (producer.kind === 'video' && !producer.closed) this.#follow(owner, producer)
    for (const peer of this.#peers.values()) {
      if (peer !== owner) void this.#offer(peer, producer)
    }
    this.options.log.updated(this, owner)
  }

  close(reason: RoomEnd): void {
    if (this.#closed) return
    this.#closed = true
    this.#alone.close()
    this.#uplinks.close()
    for (const peer of this.#peers.values()) peer.close(leaveReasonOf[reason])
    this.options.stage.router.close()
    this.options.log.closed(this, reason)
    this.options.onClosed(this)
  }

  async #admit(claims: CallClaims, rtpCapabilities: types.RtpCapabilities): Promise<Peer> {
    const { worker, stage, resumeGrace } = this.options
    this.#joining++
    try {
      const others = this.#peers.size - (this.#peers.has(claims.sub) ? 1 : 0)
      if (others + this.#joining > claims.maxPeers) {
        throw new Refusal('CALL_FULL', `the call holds ${claims.maxPeers} at most`)
      }
      const transports = await openTransports(stage.router, worker.server)
      const peer = new Peer({
        claims,
        router: stage.router,
        transports,
        rtpCapabilities,
        publish: this.#publishOf(claims, transports),
        resumeGrace,
        onUnpublished: () => this.#unpublished(claims.sub),
        onWanted: (producer) => this.#wanted(producer),
        onClosed: (closed, reason) => this.#left(closed, reason),
      })
      const replaced = this.#peers.get(claims.sub)
      this.#peers.set(claims.sub, peer)
      replaced?.close('replaced')
      return peer
    } catch (error) {
      if (this.#closed) throw new Refusal('CALL_ENDED', 'the call ended meanwhile')
      throw error
    } finally {
      this.#joining--
      this.#closeWhenEmpty()
    }
  }

  /** What the newest decision says, asked when nothing is awaited any more. */
  #publishOf(claims: CallClaims, { send, recv }: Transports): readonly Source[] {
    try {
      return this.options.decisions.publishOf(claims)
    } catch (error) {
      send.close()
      recv.close()
      throw error
    }
  }

  #describeTo(peer: Peer): Joined {
    const { stage, addresses, startedAt } = this.options
    const at = addresses()
    return {
      routerRtpCapabilities: fromMediasoupCapabilities(stage.router.rtpCapabilities),
      sendTransport: describeTransport(peer.transports.send, at),
      recvTransport: describeTransport(peer.transports.recv, at),
      self: peer.info,
      peers: this.#others(peer).map((other) => other.info),
      consumers: peer.subscribed.all,
      resumeKey: peer.resumeKey,
      startedAt: new Date(startedAt).toISOString(),
    }
  }

  async #offer(peer: Peer, producer: Published): Promise<void> {
    try {
      await peer.subscribed.open(producer)
    } catch (error) {
      this.options.logger.warn({ err: error, callId: this.callId }, 'a consumer does not open')
    }
  }

  /** Tell the owner of a video what the others want of it, for as long as it is sent. */
  #follow(owner: Peer, producer: Published): void {
    const demand = new LayerDemand(topLayer(producer), (maxSpatialLayer) =>
      owner.notify({ type: 'producer.layers', producerId: producer.id, maxSpatialLayer }),
    )
    this.#demands.set(producer, demand)
    producer.observer.once('close', () => {
      this.#demands.delete(producer)
      demand.close()
    })
    this.#wanted(producer)
  }

  #wanted(producer: Published): void {
    const wants = [...this.#peers.values()].map((peer) => peer.subscribed.wantOf(producer))
    this.#demands.get(producer)?.update(wants)
  }

  async #countUplinks() {
    const isWanted = (producer: Published) =>
      producer.kind === 'audio' || this.#demands.get(producer)?.asks === true
    const counted = this.peers.map(async (peer) => {
      const counts = await peer.countUplink(isWanted)
      return counts ? [{ userId: peer.userId, counts }] : []
    })
    return (await Promise.all(counted)).flat()
  }

  /** A peer's rights or hand changed. */
  #tellOf(peer: Peer): void {
    if (peer.present) this.#broadcast({ type: 'peer.updated', peer: peer.info })
  }

  #others(peer: Peer): Peer[] {
    return this.peers.filter((other) => other !== peer)
  }

  #broadcast(notice: Notice, except?: Peer): void {
    if (this.#closed) return
    for (const peer of this.#peers.values()) if (peer !== except) peer.notify(notice)
  }

  #favour(userId: string): void {
    for (const peer of this.#peers.values()) {
      peer.subscribed.favour(userId).catch((error) => {
        this.options.logger.warn(
          { err: error, callId: this.callId },
          'could not favour the one who speaks',
        )
      })
    }
  }

  #announceSpeakers(volumes: types.AudioLevelObserverVolume[]): void {
    const speakers = volumes.map(({ producer, volume }) => ({
      userId: String(producer.appData.userId),
      volume,
    }))
    this.#broadcast({ type: 'speakers', speakers })
    const loudest = speakers[0]?.userId
    if (loudest !== undefined) this.#favour(loudest)
  }

  #unpublished(userId: string): void {
    const peer = this.#peers.get(userId)
    if (peer && !peer.closed) this.options.log.updated(this, peer)
  }

  #left(peer: Peer, reason: LeaveReason): void {
    if (this.#peers.get(peer.userId) === peer) this.#peers.delete(peer.userId)
    if (peer.present) {
      this.#broadcast({ type: 'peer.left', userId: peer.userId, reason })
      this.options.log.left(this, peer, reason)
    }
    this.#alone.update(this.peers.length)
    this.#closeWhenEmpty()
  }

  #closeWhenEmpty(): void {
    if (this.#peers.size === 0 && this.#joining === 0) this.close('ended')
  }
}
