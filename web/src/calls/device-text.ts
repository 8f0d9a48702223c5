import type { Dictionary } from '../i18n/ru.ts'
import type { DeviceError } from './devices.ts'

/** What is wrong with a device and what to do, in a sentence. */
export function deviceText(t: Dictionary, { device, trouble }: DeviceError): string {
  const words = t.calls.devices
  const isCamera = device === 'camera'
  switch (trouble) {
    case 'denied':
      return isCamera ? words.deniedCamera : words.deniedMicrophone
    case 'missing':
      return isCamera ? words.missingCamera : words.missingMicrophone
    case 'busy':
      return isCamera ? words.busyCamera : words.busyMicrophone
    case 'asking':
      return isCamera ? words.askingCamera : words.askingMicrophone
    case 'unplugged':
      return isCamera ? words.unpluggedCamera : words.unpluggedMicrophone
    case 'insecure':
      return words.insecure
    case 'failed':
      return words.failed
  }
}
