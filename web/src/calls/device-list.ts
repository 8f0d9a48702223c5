import { type Accessor, createSignal, onCleanup } from 'solid-js'

export type DeviceKind = 'microphone' | 'camera' | 'speaker'
export type DeviceChoice = { id: string; label: string }
export type DeviceList = Record<DeviceKind, DeviceChoice[]>

const kinds: Record<MediaDeviceInfo['kind'], DeviceKind> = {
  audioinput: 'microphone',
  videoinput: 'camera',
  audiooutput: 'speaker',
}

/** Chromium's other names for devices that it lists as well. */
const aliases = ['default', 'communications']

type Info = Pick<MediaDeviceInfo, 'deviceId' | 'kind' | 'label'>

/**
 * What can be chosen from, of all that the browser lists. Before the first
 * permission it tells neither ids nor names: then there is nothing to choose.
 */
export function toDeviceList(infos: readonly Info[]): DeviceList {
  const list: DeviceList = { microphone: [], camera: [], speaker: [] }
  for (const { deviceId, kind, label } of infos) {
    if (deviceId === '' || aliases.includes(deviceId)) continue
    list[kinds[kind]].push({ id: deviceId, label })
  }
  return list
}

/** The devices of this machine, kept up to date while they are plugged in and out. */
export function createDeviceList(): { devices: Accessor<DeviceList>; refresh(): void } {
  const [devices, setDevices] = createSignal(toDeviceList([]))
  // Browsers leave it out of pages that came over plain HTTP.
  const media: MediaDevices | undefined = navigator.mediaDevices
  const refresh = () =>
    void media?.enumerateDevices().then(
      (infos) => setDevices(toDeviceList(infos)),
      () => {},
    )
  media?.addEventListener('devicechange', refresh)
  onCleanup(() => media?.removeEventListener('devicechange', refresh))
  refresh()
  return { devices, refresh }
}

/** Whether this browser lets a page choose where it sounds. */
export const canChooseSpeaker = () => 'setSinkId' in HTMLMediaElement.prototype
