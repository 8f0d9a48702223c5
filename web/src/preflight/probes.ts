import { openSignalling, type Signalling } from '@beseda/client/calls/signalling'
import type { Client } from '@beseda/client/client'
import type { Diagnosis } from '@beseda/protocol/diagnosis'
import type { TransportOptions } from '@beseda/protocol/media'
import { type Device, openDevice } from '../calls/devices.ts'
import type { CallSettings } from '../calls/settings.ts'
import { type IceWay, tryIce } from './ice.ts'
import type { StepResult, Steps } from './steps.ts'

/** Milliseconds that a way of media may take; ICE gives up later. */
const iceMs = 8_000
/** Milliseconds that the event socket may take to come back. */
const onlineMs = 10_000

/** The steps of a check from this browser; `close` lets go of what they opened. */
export function makeProbes(client: Client, settings: () => CallSettings) {
  let diagnosis: Diagnosis | undefined
  /** Of the first worker of each media server. */
  let transports: TransportOptions[] = []
  const open: Signalling[] = []

  async function signalling(): Promise<StepResult> {
    diagnosis = await client.rest.diagnosis()
    if (diagnosis.nodes.length === 0) return 'failed'
    const ignore = () => {}
    const found = await Promise.all(
      diagnosis.nodes.map(({ url, token }) => {
        const socket = openSignalling({ url, WebSocket, onNotice: ignore, onClose: ignore })
        open.push(socket)
        return socket.request('probe', { token })
      }),
    )
    transports = found.flatMap((reply) => reply.transports[0] ?? [])
    return 'passed'
  }

  async function media(way: IceWay): Promise<StepResult> {
    const iceServers = diagnosis?.iceServers ?? []
    if (way === 'relay' && iceServers.length === 0) return 'absent'
    // Without a username a browser wants none at all.
    const servers = iceServers.map(({ urls, username = '', credential = '' }) => ({
      ...{ urls, username, credential },
    }))
    const reached = await Promise.all(transports.map((one) => tryIce(one, way, servers, iceMs)))
    return reached.every(Boolean) ? 'passed' : 'failed'
  }

  async function device(which: Device): Promise<StepResult> {
    const track = await openDevice(which, settings())
    track.stop()
    return 'passed'
  }

  const steps: Steps = {
    server: async () => {
      await client.rest.config()
      return 'passed'
    },
    events: async () => ((await comesOnline(client)) ? 'passed' : 'failed'),
    signalling,
    udp: () => media('udp'),
    tcp: () => media('tcp'),
    relay: () => media('relay'),
    microphone: () => device('microphone'),
    camera: () => device('camera'),
  }
  return {
    steps,
    close() {
      for (const socket of open.splice(0)) socket.close()
    },
  }
}

/** Whether the event socket is there, or comes back soon. */
function comesOnline({ connection: { state } }: Client): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (online: boolean) => {
      stop()
      clearTimeout(late)
      resolve(online)
    }
    const look = () => state.get().status === 'online' && done(true)
    const late = setTimeout(() => done(false), onlineMs)
    const stop = state.subscribe(look)
    look()
  })
}
