import { Device, type types } from 'mediasoup-client'
import { openCamera, timeFirstFrame } from './first-frame.ts'

async function post<Answer>(path: string, body: unknown = {}): Promise<Answer> {
  const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) })
  return response.json()
}

let device: types.Device

const page = {
  async load() {
    device = await Device.factory()
    await device.load(await post<{ routerRtpCapabilities: types.RtpCapabilities }>('/capabilities'))
  },
  async publish(encodings: types.RtpEncodingParameters[]) {
    const options = await post<types.TransportOptions>('/transport')
    const send = device.createSendTransport(options)
    const transportId = options.id
    send.on('connect', ({ dtlsParameters }, resolve) => {
      post('/connect', { transportId, dtlsParameters }).then(resolve)
    })
    send.on('produce', ({ kind, rtpParameters }, resolve) => {
      post<{ id: string }>('/produce', { transportId, kind, rtpParameters }).then(resolve)
    })
    await send.produce({ track: await openCamera(360), encodings })
  },
  async timeJoin(): Promise<number> {
    let recv: types.Transport | undefined
    const took = await timeFirstFrame(async (show) => {
      const joined = await post<{
        transport: types.TransportOptions
        consumer: types.ConsumerOptions
      }>('/join', { rtpCapabilities: device.recvRtpCapabilities })
      const opened = device.createRecvTransport(joined.transport)
      recv = opened
      opened.on('connect', ({ dtlsParameters }, resolve) => {
        post('/connect', { transportId: opened.id, dtlsParameters })
        resolve()
      })
      show((await opened.consume(joined.consumer)).track)
    })
    if (recv) await post('/leave', { transportId: recv.id })
    recv?.close()
    return took
  },
}
export type BarePage = typeof page
Object.assign(globalThis, { bench: page })
