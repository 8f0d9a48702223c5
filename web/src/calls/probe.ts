import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import { useCalls } from './context.tsx'
import { type Device, DeviceError, openDevice, tellWhileAsking } from './devices.ts'

/**
 * A device that is on outside of a call, to be looked at or heard, for as long
 * as `wanted`; another choice in the settings opens it anew.
 */
export function createProbe(device: Device, wanted: Accessor<boolean>) {
  const { settings, refreshDevices } = useCalls()
  const [track, setTrack] = createSignal<MediaStreamTrack | null>(null)
  const [error, setError] = createSignal<DeviceError | null>(null)
  const choice = createMemo(() => {
    const { cameraId, microphoneId, noise } = settings()
    return device === 'camera' ? cameraId : `${microphoneId} ${noise}`
  })
  let kept = false

  async function open(isOver: () => boolean) {
    const tell = (asking: boolean) =>
      !isOver() && setError(asking ? new DeviceError(device, 'asking') : null)
    try {
      const opened = await tellWhileAsking(openDevice(device, settings()), tell)
      if (isOver()) return opened.stop()
      setTrack(opened)
      opened.addEventListener('ended', () => {
        if (isOver()) return
        setTrack(null)
        setError(new DeviceError(device, 'unplugged'))
      })
    } catch (cause) {
      if (!isOver() && cause instanceof DeviceError) setError(cause)
    }
    refreshDevices()
  }

  createEffect(
    on([wanted, choice], ([isWanted]) => {
      if (!isWanted) return
      let over = false
      void open(() => over)
      onCleanup(() => {
        over = true
        if (!kept) track()?.stop()
        setTrack(null)
        setError(null)
      })
    }),
  )
  return {
    track,
    error,
    /** Take the track over: it stays on. */
    take(): MediaStreamTrack | null {
      kept = true
      return track()
    },
  }
}
