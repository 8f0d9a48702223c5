import {
  GenericNack,
  type RTCDtlsTransport,
  type RTCRtpReceiver,
  type RTCRtpTransceiver,
  type RtcpPacket,
  RtcpTransportLayerFeedback,
  useAudioLevelIndication,
  useH264,
  useNACK,
  useOPUS,
  usePLI,
  useSdesMid,
  useSdesRTPStreamId,
  useTransportWideCC,
  useTWCC,
  useVP8,
  type RTCPeerConnection as WeriftConnection,
} from 'werift'
import { createEmptyRegister, installPolyfill } from 'werift/polyfill'
import { makeArrivals, transportFeedback } from './feedback.ts'
import { type Datagrams, impair, type Network } from './impairment.ts'
import { makeRequests } from './requests.ts'

/** As often as Chromium at first. */
const feedbackEveryMs = 100
/** How often it looks whether lost packets are to be asked for again. */
const requestEveryMs = 20

/** WebRTC for Node as long as it is installed. */
export type Connections = {
  /** How an own track goes out, once it is published. */
  transceiverOf(track: object): RTCRtpTransceiver | undefined
  /** How another's track comes in. */
  receiverOf(track: object): RTCRtpReceiver | undefined
  /** A packet of another's track came: ask for those before it that did not. */
  arrived(track: object, ssrc: number, sequenceNumber: number): void
  /** What `make` connects goes over this network. */
  through<Result>(network: Network, make: () => Result): Result
  uninstall(): void
}

/** Give Node the classes of WebRTC for mediasoup-client. */
export function installConnections(): Connections {
  const transceivers = new WeakMap<object, RTCRtpTransceiver>()
  const receivers = new WeakMap<object, RTCRtpReceiver>()
  const reporters = new Map<RTCDtlsTransport, ReturnType<typeof makeReporter>>()
  const requests = new WeakMap<object, ReturnType<typeof makeRequests>>()
  /** Those of tracks that miss something. */
  const wanting = new Map<object, () => void>()
  let network: Network | null = null
  let seed = 1

  const uninstall = installPolyfill({
    mediaRegister: [createEmptyRegister()],
    peerConnectionConfig: {
      codecs: {
        audio: [useOPUS({ rtcpFeedback: [useNACK(), useTWCC()] })],
        video: [
          useVP8({ rtcpFeedback: [useNACK(), usePLI(), useTWCC()] }),
          useH264({ rtcpFeedback: [useNACK(), usePLI(), useTWCC()] }),
        ],
      },
      headerExtensions: {
        audio: [useSdesMid(), useTransportWideCC(), useAudioLevelIndication()],
        video: [useSdesMid(), useSdesRTPStreamId(), useTransportWideCC()],
      },
    },
  })

  function receive({ receiver, onTrack }: RTCRtpTransceiver) {
    onTrack.subscribe((track) => void receivers.set(track, receiver))
    // Its own requests are of pictures alone, ten of them within 50 ms.
    const { nack } = receiver as unknown as { nack: { addPacket(): void } }
    nack.addPacket = () => {}
    // Its own feedback is of one track, and calls the packets of all others lost.
    receiver.setupTWCC = (mediaSsrc) => {
      const transport = receiver.dtlsTransport
      const reporter = reporters.get(transport) ?? makeReporter(transport, receiver.rtcpSsrc)
      reporters.set(transport, reporter)
      receiver.receiverTWCC = reporter.of(mediaSsrc)
    }
  }

  const Installed = globalThis.RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Installed {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      const own = this as unknown as WeriftConnection
      own.onRemoteTransceiverAdded.subscribe(receive)
      shareNumbers(own)
      if (!network) return
      seed += 2
      impairConnection(own, network, seed)
    }

    override addTransceiver(
      trackOrKind: MediaStreamTrack | string,
      init?: RTCRtpTransceiverInit,
    ): globalThis.RTCRtpTransceiver {
      const transceiver = super.addTransceiver(trackOrKind, init)
      if (typeof trackOrKind !== 'string') {
        transceivers.set(trackOrKind, transceiver as unknown as RTCRtpTransceiver)
      }
      return transceiver
    }
  }

  const timer = setInterval(() => {
    for (const [transport, reporter] of reporters) {
      if (transport.state === 'closed' || transport.state === 'failed') reporters.delete(transport)
      else reporter.send()
    }
  }, feedbackEveryMs)

  const requestTimer = setInterval(() => {
    for (const ask of wanting.values()) ask()
  }, requestEveryMs)

  function arrived(track: object, ssrc: number, sequenceNumber: number) {
    const own = requests.get(track) ?? makeRequests()
    requests.set(track, own)
    if (!own.add(sequenceNumber)) return
    const receiver = receivers.get(track)
    if (!receiver?.nackEnabled) return
    const ask = () => {
      if (own.isEmpty() || receiver.stopped) wanting.delete(track)
      else requestAgain(receiver, ssrc, own.due(performance.now()))
    }
    wanting.set(track, ask)
    ask()
  }

  return {
    arrived,
    transceiverOf: (track) => transceivers.get(track),
    receiverOf: (track) => receivers.get(track),
    through(over, make) {
      network = over
      try {
        return make()
      } finally {
        network = null
      }
    },
    uninstall() {
      clearInterval(timer)
      clearInterval(requestTimer)
      uninstall()
    },
  }
}

/**
 * Give an extension of both kinds one number, as browsers do. mediasoup knows one of each in a
 * transport, and counts packets that have theirs under another as lost.
 */
function shareNumbers({ config }: WeriftConnection) {
  const { audio = [], video = [] } = config.headerExtensions
  for (const extension of video) {
    extension.id = audio.find(({ uri }) => uri === extension.uri)?.id ?? extension.id
  }
}

/** Ask the SFU for these packets of a track. */
function requestAgain({ dtlsTransport, rtcpSsrc }: RTCRtpReceiver, ssrc: number, lost: number[]) {
  if (lost.length === 0 || dtlsTransport.state !== 'connected') return
  const feedback = new GenericNack({ senderSsrc: rtcpSsrc, mediaSourceSsrc: ssrc, lost })
  dtlsTransport.sendRtcp([new RtcpTransportLayerFeedback({ feedback })]).catch(() => {})
}

type Feedback = NonNullable<RTCRtpReceiver['receiverTWCC']>

/** Tells the SFU when the packets of a transport came, all tracks together, for its bandwidth estimate. */
function makeReporter(transport: RTCDtlsTransport, senderSsrc: number) {
  const arrivals = makeArrivals()
  let count = 0
  let mediaSsrc = 0
  const handleTWCC = (number: number) => arrivals.add(number, performance.now())
  return {
    /** What a receiver hands its packets to. */
    of(ssrc: number): Feedback {
      mediaSsrc = ssrc
      return { handleTWCC, twccRunning: false } as Feedback
    },
    send() {
      if (transport.state !== 'connected') return
      const taken = arrivals.take()
      if (!taken) return
      const bytes = transportFeedback({ senderSsrc, mediaSsrc, count: count++, ...taken })
      const packet = { serialize: () => bytes } as RtcpPacket
      transport.sendRtcp([packet]).catch(() => {})
    },
  }
}

/** All sockets of a connection, as soon as there are any, are those of a bad network. */
function impairConnection(connection: WeriftConnection, network: Network, seed: number) {
  const done = new Set<Datagrams>()
  connection.iceGatheringStateChange.subscribe(() => {
    for (const { connection: ice } of connection.iceTransports) {
      // Its types do not tell of the sockets that it has.
      const { protocols } = ice as unknown as { protocols: { transport: Datagrams }[] }
      for (const { transport } of protocols) {
        if (done.has(transport)) continue
        done.add(transport)
        impair(transport, network, seed)
      }
    }
  })
}
