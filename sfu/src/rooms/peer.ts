import { createHash, randomBytes } from 'node:crypto'
import type { CallClaims } from '@beseda/protocol/call-token'
import type { DtlsParameters, Source } from '@beseda/protocol/media'
import type { CallPeerState } from '@beseda/protocol/redis'
import type { LeaveReason, Notice, Peer as PeerInfo } from '@beseda/protocol/signalling'
import type { types } from 'mediasoup'
import { Refusal } from '../refusal.ts'
import { reasonOf } from '../start-error.ts'
import { Publications, type Published } from './publications.ts'
import { Subscriptions } from './subscriptions.ts'
import type { Transports } from './transports.ts'
import type { UplinkCounts } from './uplinks.ts'

/** The way to a peer's client: its signalling socket. */
export type Link = {
  notify(notice: Notice): void
  /** Say why and close the socket. */
  close(reason: LeaveReason): void
}

export type PeerOptions = {
  claims: CallClaims
  router: types.Router
  transports: Transports
  rtpCapabilities: types.RtpCapabilities
  /** What the peer may publish at first. */
  publish: readonly Source[]
  /** How long the peer is kept without a socket, in milliseconds. */
  resumeGrace: number
  onUnpublished: (producer: Published) => void
  /** The client wants more or less of somebody's video. */
  onWanted: (producer: Published) => void
  onClosed: (peer: Peer, reason: LeaveReason) => void
}

/** One user in a call: owns the transports and whatever runs over them. */
export class Peer {
  readonly joinedAt = Date.now()
  readonly resumeKey = randomBytes(16).toString('base64url')
  readonly #device = createHash('sha256').update(this.resumeKey).digest('base64url')
  readonly transports: Transports
  readonly published: Publications
  readonly subscribed: Subscriptions
  readonly #options: PeerOptions
  #link: Link | undefined
  #grace: NodeJS.Timeout | undefined
  #handRaisedAt: number | null = null
  #present = false
  #closed = false

  constructor(options: PeerOptions) {
    const { claims, router, transports, rtpCapabilities } = options
    this.#options = options
    this.transports = transports
    this.published = new Publications({
      transport: transports.send,
      userId: claims.sub,
      allowed: options.publish,
      onClosed: options.onUnpublished,
    })
    this.subscribed = new Subscriptions({
      router,
      transport: transports.recv,
      rtpCapabilities,
      notify: (notice) => this.notify(notice),
      onWanted: options.onWanted,
    })
    for (const transport of [transports.send, transports.recv]) this.#watch(transport)
  }

  get userId(): string {
    return this.#options.claims.sub
  }

  get closed(): boolean {
    return this.#closed
  }

  /** True from the first `attach` on: the others know of this peer. */
  get present(): boolean {
    return this.#present
  }

  get info(): PeerInfo {
    const { sub: userId, displayName, avatarId } = this.#options.claims
    return {
      userId,
      displayName,
      avatarId,
      joinedAt: new Date(this.joinedAt).toISOString(),
      publish: [...this.published.allowed],
      handRaisedAt: this.#handRaisedAt === null ? null : new Date(this.#handRaisedAt).toISOString(),
    }
  }

  get state(): CallPeerState {
    const { sources, allowed } = this.published
    return { joinedAt: this.joinedAt, sources, publish: [...allowed], device: this.#device }
  }

  /** Take the socket that the client speaks through from now on; an older one is closed. */
  attach(link: Link): void {
    clearTimeout(this.#grace)
    this.#present = true
    const older = this.#link
    this.#link = link
    older?.close('replaced')
  }

  /** The socket dropped: the peer is lost unless it resumes in time. */
  detach(link: Link): void {
    if (this.#link !== link || this.#closed) return
    this.#link = undefined
    this.#grace = setTimeout(() => this.close('lost'), this.#options.resumeGrace)
  }

  /** While there is no socket a notice is dropped: `resume` answers with the whole state. */
  notify(notice: Notice): void {
    this.#link?.notify(notice)
  }

  /**
   * What has arrived of what this peer sends; null when it need not send anything now.
   *
   * @param isWanted whether anybody wants a producer that is not paused
   */
  async countUplink(isWanted: (producer: Published) => boolean): Promise<UplinkCounts | null> {
    const running = this.published.all.filter((one) => !one.paused && isWanted(one))
    if (running.length === 0) return null
    const [stats] = await this.transports.send.getStats().catch(() => [])
    if (!stats) return null
    return {
      bytes: stats.rtpBytesReceived,
      loss: stats.rtpPacketLossReceived ?? 0,
      scores: running.map((producer) => producer.score.map(({ score }) => score)),
    }
  }

  /** Keep to these sources from now on; the client is told so, and which producers that closed. */
  allow(sources: readonly Source[]): void {
    const closed = this.published.allow(sources)
    this.notify({ type: 'rights', publish: [...sources] })
    for (const producerId of closed) this.notify({ type: 'producer.closed', producerId })
  }

  /** Pause what is sent of these sources; the client is told who did it and may unmute again. */
  async mute(sources: readonly Source[], byUserId: string): Promise<void> {
    for (const producerId of await this.published.mute(sources)) {
      this.notify({ type: 'producer.paused', producerId, byUserId })
    }
  }

  /** Whether that changed anything. */
  raiseHand(raised: boolean): boolean {
    if (raised === (this.#handRaisedAt !== null)) return false
    this.#handRaisedAt = raised ? Date.now() : null
    return true
  }

  async connect(transportId: string, dtlsParameters: DtlsParameters): Promise<void> {
    const transport = this.#own(transportId)
    const { role, fingerprints } = dtlsParameters
    try {
      await transport.connect({
        dtlsParameters: { fingerprints, ...(role === undefined ? {} : { role }) },
      })
    } catch (error) {
      throw new Refusal('VALIDATION', reasonOf(error))
    }
  }

  restartIce(transportId: string): Promise<types.IceParameters> {
    return this.#own(transportId).restartIce()
  }

  close(reason: LeaveReason): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#grace)
    this.transports.send.close()
    this.transports.recv.close()
    this.#link?.close(reason)
    this.#link = undefined
    this.#options.onClosed(this, reason)
  }

  #own(transportId: string): types.WebRtcTransport {
    const { send, recv } = this.transports
    if (transportId === send.id) return send
    if (transportId === recv.id) return recv
    throw new Refusal('NOT_FOUND', 'no such transport')
  }

  /** ICE recovers by a restart; DTLS that failed never does, so the client joins anew. */
  #watch(transport: types.WebRtcTransport): void {
    transport.on('dtlsstatechange', (state) => {
      if (state === 'failed') this.close('lost')
    })
  }
}
