import { quiet } from './noise.ts'
import type { CallSettings } from './settings.ts'

export type Device = 'microphone' | 'camera'

/** Why there is no device; `asking`: the browser waits for the user's answer, `unplugged`: it was there. */
export type DeviceTrouble =
  | 'denied'
  | 'missing'
  | 'busy'
  | 'insecure'
  | 'asking'
  | 'unplugged'
  | 'failed'

/** A device that could not be had, and why. */
export class DeviceError extends Error {
  override name = 'DeviceError'
  readonly device: Device
  readonly trouble: DeviceTrouble

  constructor(device: Device, trouble: DeviceTrouble, cause?: unknown) {
    super(`${device}: ${trouble}`, { cause })
    this.device = device
    this.trouble = trouble
  }
}

/** Which devices, and how the microphone is to sound. */
export type DeviceWish = Pick<CallSettings, 'microphoneId' | 'cameraId' | 'noise'>

/** What to ask the browser for. */
export function constraintsOf(device: Device, wish: DeviceWish): MediaStreamConstraints {
  if (device === 'microphone') {
    return {
      audio: {
        ...(wish.microphoneId !== null && { deviceId: { exact: wish.microphoneId } }),
        echoCancellation: true,
        autoGainControl: true,
        noiseSuppression: wish.noise === 'browser',
      },
    }
  }
  return {
    video: {
      // Which way a chosen camera looks does not matter.
      ...(wish.cameraId === null ? { facingMode: 'user' } : { deviceId: { exact: wish.cameraId } }),
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30 },
    },
  }
}

/** What the name of the browser's error means (W3C Media Capture, getUserMedia). */
export function troubleOf(name: string): DeviceTrouble {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing'
    case 'NotReadableError':
    case 'AbortError':
      return 'busy'
    default:
      return 'failed'
  }
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : '')

async function ask(wanted: MediaStreamConstraints): Promise<MediaStreamTrack[]> {
  return (await navigator.mediaDevices.getUserMedia(wanted)).getTracks()
}

/** Whatever the system takes by default, when what was chosen once is not there today. */
async function askOrAny(device: Device, wish: DeviceWish): Promise<MediaStreamTrack[]> {
  try {
    return await ask(constraintsOf(device, wish))
  } catch (error) {
    const chosen = device === 'microphone' ? wish.microphoneId : wish.cameraId
    if (chosen === null || nameOf(error) !== 'OverconstrainedError') throw error
    return ask(constraintsOf(device, { ...wish, microphoneId: null, cameraId: null }))
  }
}

/**
 * Turn a device on.
 *
 * @throws DeviceError
 */
export async function openDevice(device: Device, wish: DeviceWish): Promise<MediaStreamTrack> {
  // Browsers leave `mediaDevices` out of pages that came over plain HTTP.
  if (!window.isSecureContext) throw new DeviceError(device, 'insecure')
  try {
    const [track] = await askOrAny(device, wish)
    if (track) return device === 'microphone' ? await quiet(track, wish.noise) : track
  } catch (cause) {
    throw new DeviceError(device, troubleOf(nameOf(cause)), cause)
  }
  throw new DeviceError(device, 'missing')
}

export type Opened = { tracks: Partial<Record<Device, MediaStreamTrack>>; errors: DeviceError[] }

/** Turn on microphone and maybe camera, asking the user once; what can't be had is told, not thrown. */
export async function openDevices(devices: Device[], wish: DeviceWish): Promise<Opened> {
  const opened: Opened = { tracks: {}, errors: [] }
  if (devices.length > 1 && window.isSecureContext) {
    try {
      const tracks = await ask({
        ...constraintsOf('microphone', wish),
        ...constraintsOf('camera', wish),
      })
      for (const track of tracks) {
        if (track.kind === 'video') opened.tracks.camera = track
        else opened.tracks.microphone = await quiet(track, wish.noise)
      }
      return opened
    } catch {
      // One of the two can't be had: find out which, and keep the other.
    }
  }
  for (const device of devices) {
    try {
      opened.tracks[device] = await openDevice(device, wish)
    } catch (error) {
      if (error instanceof DeviceError) opened.errors.push(error)
    }
  }
  return opened
}

/** How long the browser may ask the user before the page points at the question, in ms. */
const askingMs = 3_000

/** Call `tell` while the browser has been asking the user for a while: the question is easily overlooked. */
export async function tellWhileAsking<Answer>(
  opening: Promise<Answer>,
  tell: (asking: boolean) => void,
): Promise<Answer> {
  let told = false
  const timer = setTimeout(() => {
    told = true
    tell(true)
  }, askingMs)
  try {
    return await opening
  } finally {
    clearTimeout(timer)
    if (told) tell(false)
  }
}

/** Let go of what was opened. */
export function stopAll({ tracks }: Opened): void {
  for (const track of Object.values(tracks)) track.stop()
}

/** Ask for a screen, window or tab; null when the user thinks better of it. */
export async function openScreen(): Promise<MediaStreamTrack[] | null> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: { ideal: 30 } },
      audio: true,
    })
    return stream.getTracks()
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'NotAllowedError') return null
    throw cause
  }
}

/** Whether this browser can show a screen to others. */
export const canShareScreen = () =>
  window.isSecureContext && 'getDisplayMedia' in navigator.mediaDevices
