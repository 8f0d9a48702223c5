import type { TestTrack } from '@beseda/client/testing/tracks'
import { until } from '../beseda.ts'
import { room } from './server.ts'
import type { Handle, Janus, Jsep } from './session.ts'

/** No address but those of this machine, and one way for sound and picture. */
const options: RTCConfiguration = { iceServers: [], bundlePolicy: 'max-bundle' }

/** Send tracks into the VideoRoom; answers the feed by which others subscribe, and how to leave. */
export async function publish(
  janus: Janus,
  tracks: TestTrack[],
): Promise<{ feed: number; close(): void }> {
  const handle = await janus.attach()
  const joined = await handle.ask({ request: 'join', ptype: 'publisher', room })
  const connection = new RTCPeerConnection(options)
  for (const { track } of tracks) connection.addTransceiver(track, { direction: 'sendonly' })
  await connection.setLocalDescription(await connection.createOffer())
  await gathered(connection)
  const { jsep } = await handle.ask({ request: 'publish' }, described(connection))
  handle.trickle()
  if (!jsep) throw new Error('Janus did not answer the offer')
  await connection.setRemoteDescription(jsep)
  await untilConnected(connection)
  return { feed: Number(joined.data.id), close: () => connection.close() }
}

/** Receive a feed; resolves when its packets can come. Answers how to leave. */
export async function subscribe(janus: Janus, feed: number): Promise<{ close(): void }> {
  const handle = await janus.attach()
  const streams = [{ feed }]
  const { jsep } = await handle.ask({ request: 'join', ptype: 'subscriber', room, streams })
  if (!jsep) throw new Error('Janus offered nothing')
  const connection = new RTCPeerConnection(options)
  await connection.setRemoteDescription(jsep)
  await connection.setLocalDescription(await connection.createAnswer())
  await gathered(connection)
  await start(handle, described(connection))
  await untilConnected(connection)
  return { close: () => connection.close() }
}

async function start(handle: Handle, jsep: Jsep) {
  await handle.ask({ request: 'start' }, jsep)
  handle.trickle()
}

const gathered = (connection: RTCPeerConnection) =>
  until(() => connection.iceGatheringState === 'complete')

const untilConnected = (connection: RTCPeerConnection) =>
  until(() => connection.connectionState === 'connected')

function described({ localDescription }: RTCPeerConnection): Jsep {
  const { type, sdp } = localDescription ?? {}
  if (!sdp || (type !== 'offer' && type !== 'answer')) throw new Error('nothing is described')
  return { type, sdp }
}
