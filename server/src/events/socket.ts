import type { Writable } from 'node:stream'
import { closeCodes } from '@beseda/protocol/errors'
import type { BesedaEvent, UpFrame } from '@beseda/protocol/events'
import { spans } from '@beseda/protocol/limits'
import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import type { Tokens } from '../auth/tokens.ts'
import type { Database } from '../db/database.ts'
import { Refusal } from '../errors.ts'
import type { Connection } from '../presence/connections.ts'
import type { Presence } from '../presence/presence.ts'
import type { Bus } from './bus.ts'
import { makeFrameMeter } from './frame-meter.ts'
import { parseUpFrame, textFrame } from './frames.ts'
import { catchUp, identify } from './greeting.ts'
import type { Hub, HubSocket } from './hub.ts'
import { makeOutbox } from './outbox.ts'
import { makeTyping } from './typing.ts'

type Deps = { db: Database; bus: Bus; hub: Hub; presence: Presence; tokens: Tokens; log: Logger }
type Hello = Extract<UpFrame, { type: 'hello' }>

/** Serve one event socket, and the connection that it runs on, from its first frame to its end. */
export function serveEventSocket(
  { db, bus, hub, presence, tokens, log }: Deps,
  socket: WebSocket,
  connection: Writable,
) {
  const outbox = makeOutbox(socket, connection)
  const meter = makeFrameMeter()
  const typing = makeTyping({ db, bus, log })
  let greeted = false
  let state: Connection = 'awake'
  let member: HubSocket | undefined

  const helloTimer = setTimeout(() => socket.close(closeCodes.helloTimeout), spans.helloTimeout)

  async function greet(hello: Hello) {
    const who = await identify({ db, tokens }, hello)
    if (socket.readyState !== socket.OPEN) return
    member = { ...who, send: outbox.send, close: (code) => socket.close(code) }
    hub.add(member)
    const { userId } = who
    const { seqs } = hello
    const ready = await catchUp(db, seqs ? { userId, seqs } : { userId }, {
      join,
      leave,
      send: outbox.replay,
    })
    outbox.open(encode(ready))
    if (socket.readyState === socket.OPEN) presence.set(userId, member, state)
  }

  function join(chatId: string) {
    if (member) hub.join(member, chatId)
  }

  function leave(chatId: string) {
    if (member) hub.leave(member, chatId)
  }

  function refuse(thrown: unknown) {
    if (thrown instanceof Refusal) return socket.close(closeCodes.unauthorized)
    log.error({ err: thrown }, 'an event socket could not be greeted')
    socket.close(closeCodes.goingAway)
  }

  function obey(frame: UpFrame) {
    if (frame.type === 'hello' ? greeted : !greeted) return socket.close(closeCodes.badFrame)
    if (frame.type === 'hello') {
      greeted = true
      clearTimeout(helloTimer)
      greet(frame).catch(refuse)
      return
    }
    if (frame.type === 'beat') return outbox.send(encode({ type: 'beat' }))
    if (frame.type === 'typing') {
      if (member && outbox.isOpen()) typing.pass(member.userId, frame.chatId)
      return
    }
    state = frame.status === 'away' ? 'away' : 'awake'
    if (member && outbox.isOpen()) presence.set(member.userId, member, state)
  }

  socket.on('message', (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return
    const frame = meter.allows() ? parseUpFrame(data, isBinary) : undefined
    if (frame) obey(frame)
    else socket.close(closeCodes.badFrame)
  })

  socket.on('close', () => {
    clearTimeout(helloTimer)
    if (!member) return
    hub.remove(member)
    presence.drop(member.userId, member)
  })
}

function encode(event: BesedaEvent): Buffer {
  return textFrame(JSON.stringify(event))
}
