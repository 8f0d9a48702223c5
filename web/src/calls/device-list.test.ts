import { expect, test } from 'vitest'
import { toDeviceList } from './device-list.ts'

test('sorts devices by what they are and leaves out their second names', () => {
  const list = toDeviceList([
    { deviceId: 'default', kind: 'audioinput', label: 'Default - Headset' },
    { deviceId: 'communications', kind: 'audioinput', label: 'Communications - Headset' },
    { deviceId: 'a', kind: 'audioinput', label: 'Headset' },
    { deviceId: 'b', kind: 'audiooutput', label: 'Loudspeakers' },
    { deviceId: 'c', kind: 'videoinput', label: 'Camera' },
  ])
  expect(list).toEqual({
    microphone: [{ id: 'a', label: 'Headset' }],
    speaker: [{ id: 'b', label: 'Loudspeakers' }],
    camera: [{ id: 'c', label: 'Camera' }],
  })
})

test('offers nothing while the browser hides what is there', () => {
  const hidden = toDeviceList([{ deviceId: '', kind: 'audioinput', label: '' }])
  expect(hidden).toEqual({ microphone: [], camera: [], speaker: [] })
})
