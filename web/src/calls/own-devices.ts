import type { CallSession } from '@beseda/client/calls/session'
import { type Accessor, createSignal } from 'solid-js'
import type { Dictionary } from '../i18n/ru.ts'
import type { Feedback } from '../shell/feedback.ts'
import { type Device, DeviceError, type Opened, openDevice, tellWhileAsking } from './devices.ts'
import type { CallSettings } from './settings.ts'

type OwnDevicesOptions = {
  session: Accessor<CallSession | null>
  settings: Accessor<CallSettings>
  t: Accessor<Dictionary>
  feedback: Feedback
  /** A device was opened: the browser may tell more of them now. */
  onOpened: () => void
}

export type OwnDevices = ReturnType<typeof createOwnDevices>

/** The microphone and camera of the call that is on, and what is wrong with them. */
export function createOwnDevices(options: OwnDevicesOptions) {
  const { session, settings, t, feedback } = options
  const [errors, setErrors] = createSignal<DeviceError[]>([])

  const note = (device: Device, error: DeviceError | null) =>
    setErrors((known) => [
      ...known.filter((one) => one.device !== device),
      ...(error ? [error] : []),
    ])

  /** What is wrong with a device is shown where the call is; anything else in a toast. */
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      if (error instanceof DeviceError) note(error.device, error)
      else feedback.failed(error)
    }
  }

  const asking = <Answer>(devices: Device[], opening: Promise<Answer>) =>
    tellWhileAsking(opening, (asked) => {
      for (const device of devices) note(device, asked ? new DeviceError(device, 'asking') : null)
    })

  async function open(device: Device, wish: CallSettings): Promise<MediaStreamTrack> {
    const track = await asking([device], openDevice(device, wish))
    note(device, null)
    options.onOpened()
    return track
  }

  async function send(
    entered: CallSession,
    device: Device,
    track: MediaStreamTrack,
    paused: boolean,
  ) {
    track.addEventListener('ended', () => void unplugged(entered, device, track))
    await entered.publish(device, track, paused)
  }

  /** A device that was in use is gone: go on with whatever else there is. */
  async function unplugged(entered: CallSession, device: Device, track: MediaStreamTrack) {
    const local = entered.state.get().self.tracks[device]
    if (local?.track !== track) return
    try {
      const wish = { ...settings(), microphoneId: null, cameraId: null }
      await send(entered, device, await open(device, wish), local.paused)
      feedback.done(
        device === 'microphone' ? t().calls.devices.otherMicrophone : t().calls.devices.otherCamera,
      )
    } catch (error) {
      note(device, new DeviceError(device, 'unplugged', error))
    }
  }

  /** What the user wants of the microphone, also while it is still being opened. */
  let muted = false

  async function turnOn(device: Device) {
    const entered = session()
    if (!entered) return
    const track = await open(device, settings())
    await send(entered, device, track, device === 'microphone' && muted)
  }

  async function setMuted(next: boolean) {
    muted = next
    const entered = session()
    const local = entered?.state.get().self.tracks.microphone
    if (local?.track) {
      if (local.paused !== next) await entered?.setMuted('microphone', next)
    } else if (!next) await turnOn('microphone')
  }

  return {
    errors,
    /** Devices are being asked for; what the user has to do is said. */
    asking,
    /** A call was entered, or left. */
    reset: () => setErrors([]),
    /** Send what was opened on the way into a call, as far as one may. */
    async publishAll(entered: CallSession, opened: Opened, paused: boolean) {
      muted = paused
      const { publish } = entered.state.get().self
      for (const error of opened.errors) {
        if (session() === entered) note(error.device, error)
      }
      options.onOpened()
      const found = Object.entries(opened.tracks) as [Device, MediaStreamTrack][]
      await attempt(async () => {
        await Promise.all(
          found.map(([device, track]) => {
            if (publish && !publish.includes(device)) return track.stop()
            return send(entered, device, track, device === 'microphone' && paused)
          }),
        )
      })
    },
    setMuted: (next: boolean) => attempt(() => setMuted(next)),
    toggleMicrophone: () =>
      attempt(async () => {
        const local = session()?.state.get().self.tracks.microphone
        await setMuted(local?.track ? !local.paused : false)
      }),
    toggleCamera: () =>
      attempt(async () => {
        const local = session()?.state.get().self.tracks.camera
        // Let go of it rather than pause: its light must not stay on.
        if (local?.track) await session()?.release('camera')
        else await turnOn('camera')
      }),
    /** Open a device anew if it is on: another one was chosen, or another way of using it. */
    reopen: (device: Device) =>
      attempt(async () => {
        const entered = session()
        const local = entered?.state.get().self.tracks[device]
        if (!entered || !local?.track) return
        // Phones give out one camera at a time.
        if (device === 'camera') await entered.release('camera')
        await send(entered, device, await open(device, settings()), local.paused)
      }),
    retry: (device: Device) => attempt(() => turnOn(device)),
  }
}
