import type { Source } from '@beseda/protocol/media'
import { Device } from 'mediasoup-client'
import type { Engine, Sending } from '../engine.ts'
import { RunError } from '../failure.ts'
import { makeClock } from './clock.ts'
import { makeDecoded } from './decoded.ts'

type Wrtc = typeof import('@roamhq/wrtc')

/** What mediasoup-client looks for among the globals. */
const classes = [
  'RTCPeerConnection',
  'RTCSessionDescription',
  'RTCIceCandidate',
  'RTCRtpReceiver',
  'RTCRtpSender',
  'RTCRtpTransceiver',
  'MediaStream',
  'MediaStreamTrack',
] as const

const statisticsEveryMs = 100
const frameMs = 40
const pieceMs = 10

/**
 * The full engine: libwebrtc (`@roamhq/wrtc`, an optional package), which encodes what it sends and
 * decodes what it receives, as browsers do. VP8 and Opus; good networks only.
 *
 * @throws RunError when the package is not there, or not for this machine
 */
export async function makeFullEngine(): Promise<Engine> {
  const wrtc = await load()
  const connections = new Set<RTCPeerConnection>()
  const uninstall = install(wrtc, connections)
  const decoded = makeDecoded(wrtc.nonstandard)
  const clock = makeClock()
  const frames = makeFrames()

  /** One look at a time, or a busy machine would be looked at ever more. */
  let looking = false
  const timer = setInterval(async () => {
    if (looking) return
    looking = true
    for (const connection of connections) {
      if (connection.connectionState === 'closed') connections.delete(connection)
      else await connection.getStats().then(decoded.take, () => {})
    }
    looking = false
  }, statisticsEveryMs)

  function openSound(): Sending {
    const source = new wrtc.nonstandard.RTCAudioSource()
    let talking = false
    let at = 0
    const stop = clock.add(pieceMs, () => {
      source.onData({ samples: talking ? tone(at) : silence, sampleRate, numberOfFrames })
      at += numberOfFrames
    })
    return {
      track: source.createTrack(),
      setTalking(next) {
        talking = next
      },
      close: stop,
    }
  }

  function openPicture(source: Source): Sending {
    const video = new wrtc.nonstandard.RTCVideoSource({ isScreencast: source === 'screen' })
    let next = 0
    const stop = clock.add(frameMs, () => {
      const data = frames[next++ % frames.length]
      if (data) video.onFrame({ ...size, data })
    })
    return { track: video.createTrack(), setTalking() {}, close: stop }
  }

  return {
    createDevice: async () => new Device({ handlerName: 'Chrome111' }),
    open: (source) =>
      source === 'microphone' || source === 'screenAudio' ? openSound() : openPicture(source),
    count: decoded.count,
    close() {
      clearInterval(timer)
      clock.close()
      decoded.close()
      uninstall()
    },
  }
}

async function load(): Promise<Wrtc> {
  try {
    const module = await import('@roamhq/wrtc')
    return module.default ?? module
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new RunError(
      `The full engine needs the optional package @roamhq/wrtc, which does not load here: ${why}`,
    )
  }
}

/** Give Node the classes of WebRTC; all connections are put into `connections`. */
function install(wrtc: Wrtc, connections: Set<RTCPeerConnection>): () => void {
  const before = classes.map((name) => Object.getOwnPropertyDescriptor(globalThis, name))
  for (const name of classes) {
    Object.defineProperty(globalThis, name, {
      value: wrtc[name],
      configurable: true,
      writable: true,
    })
  }
  globalThis.RTCPeerConnection = class extends wrtc.RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      connections.add(this)
    }
  }
  return () => {
    for (const [index, name] of classes.entries()) {
      const known = before[index]
      if (known) Object.defineProperty(globalThis, name, known)
      else Reflect.deleteProperty(globalThis, name)
    }
  }
}

const size = { width: 1280, height: 720 }

/** A second of stripes that move downwards, as I420. */
function makeFrames(): Uint8Array[] {
  const { width, height } = size
  return Array.from({ length: 1_000 / frameMs }, (_, index) => {
    const data = new Uint8Array((width * height * 3) / 2).fill(128)
    for (let row = 0; row < height; row++) {
      const bright = 60 + Math.abs(((row + index * 5) % 125) - 62)
      data.fill(bright, row * width, (row + 1) * width)
    }
    return data
  })
}

const sampleRate = 48_000
const numberOfFrames = (sampleRate * pieceMs) / 1_000
const silence = new Int16Array(numberOfFrames)

/** A tone that swells and fades like syllables; `at` counts samples. */
function tone(at: number): Int16Array {
  return Int16Array.from({ length: numberOfFrames }, (_, index) => {
    const time = (at + index) / sampleRate
    return 8_000 * Math.sin(2 * Math.PI * 220 * time) * Math.abs(Math.sin(2 * Math.PI * time))
  })
}
