import { connectJanus, type Handle, type Janus, type Jsep } from '../janus/session.ts'
import { openCamera, timeFirstFrame } from './first-frame.ts'

let janus: Janus
let next: Handle

/** Open a connection whose candidates go to Janus as they are found. */
function open(handle: Handle): RTCPeerConnection {
  const connection = new RTCPeerConnection()
  connection.addEventListener('icecandidate', ({ candidate }) => {
    handle.trickle(candidate ?? undefined)
  })
  return connection
}

const page = {
  async load(url: string) {
    janus = await connectJanus(url)
    next = await janus.attach()
  },
  async publish(room: number): Promise<number> {
    const { data } = await next.ask({ request: 'join', ptype: 'publisher', room })
    const connection = open(next)
    connection.addTransceiver(await openCamera(360), { direction: 'sendonly' })
    await connection.setLocalDescription()
    const offer = connection.localDescription?.toJSON() as Jsep
    const { jsep } = await next.ask({ request: 'publish' }, offer)
    if (jsep) await connection.setRemoteDescription(jsep)
    return Number(data.id)
  },
  /** The clock runs from the request to join until the first frame; the handle is there before. */
  async timeJoin(room: number, feed: number): Promise<number> {
    const handle = next
    const connection = open(handle)
    const took = await timeFirstFrame(async (show) => {
      connection.addEventListener('track', ({ track }) => show(track))
      const streams = [{ feed }]
      const { jsep } = await handle.ask({ request: 'join', ptype: 'subscriber', room, streams })
      if (!jsep) throw new Error('Janus offered nothing')
      await connection.setRemoteDescription(jsep)
      await connection.setLocalDescription()
      const answer = connection.localDescription?.toJSON() as Jsep
      await handle.ask({ request: 'start' }, answer)
    })
    connection.close()
    await handle.detach()
    next = await janus.attach()
    return took
  },
}
export type JanusPage = typeof page
Object.assign(globalThis, { bench: page })
