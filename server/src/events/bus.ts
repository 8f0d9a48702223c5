import { closeCodes } from '@beseda/protocol/errors'
import type { BesedaEvent } from '@beseda/protocol/events'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { textFrame } from './frames.ts'

/** Whose sockets an event goes to, on whatever server they are. */
export type Audience =
  | { chatId: string; exceptUserId?: string }
  | { chatIds: string[] }
  | { userIds: string[] }
  | { sessionId: string }
  | 'everyone'

/** What every server's hub gets: a frame to write as it is, or a code to close with. */
export type Delivery = {
  audience: Audience
  frame?: Buffer
  /** The chat that the receivers are in from now on. */
  join?: string
  /** The chat that the receivers are in no longer; the frame is the last of it that they get. */
  leave?: string
  close?: number
}

type Header = Omit<Delivery, 'frame'>

/** Carries events from the server where something happened to all servers, through Redis. */
export type Bus = ReturnType<typeof makeBus>

/**
 * Build the bus on one Redis connection for publishing and a second one, made
 * from it, for subscribing. When events may have been lost all sockets are
 * closed, so that their clients come back and catch up.
 */
export function makeBus({ redis, log }: { redis: Redis; log: Logger }) {
  // Redis shares channels among its logical databases; the name keeps them apart.
  const channel = `events:${redis.options.db ?? 0}`
  const subscriber = redis.duplicate({ autoResubscribe: false, maxRetriesPerRequest: null })
  subscriber.on('error', (err) => log.warn({ err }, 'event bus: subscriber connection failed'))
  let lost = false
  let subscribed = false
  let receiveHere: (delivery: Delivery) => void = () => {}

  const everyoneAgain = () => send({ audience: 'everyone', close: closeCodes.goingAway })

  // Frames are JSON, which has no bare newline: a header and a frame need no further wrapping.
  function send(header: Header, frame = '') {
    redis.publish(channel, `${JSON.stringify(header)}\n${frame}`).catch((err) => {
      log.error({ err }, 'event bus: an event could not be published')
      lost = true
    })
  }

  const onReady = () => {
    if (!lost) return
    lost = false
    everyoneAgain()
  }
  redis.on('ready', onReady)

  return {
    /** Publish what has been committed. Never fails the action that it tells of. */
    publish(audience: Audience, event: BesedaEvent) {
      send({ audience, ...movesOf(event) }, JSON.stringify(event))
    },
    /** Close sockets everywhere, here at once. */
    closeSockets(audience: Audience, code: number) {
      receiveHere({ audience, close: code })
      send({ audience, close: code })
    },
    /** Start receiving; to be called once. */
    async subscribe(receive: (delivery: Delivery) => void) {
      receiveHere = receive
      subscriber.on('message', (_channel, text) => receive(parseDelivery(text)))
      await connected(subscriber)
      await subscriber.subscribe(channel)
      subscribed = true
      subscriber.on('close', () => {
        subscribed = false
      })
      subscriber.on('ready', () => {
        subscriber
          .subscribe(channel)
          .then(() => {
            subscribed = true
            receive({ audience: 'everyone', close: closeCodes.goingAway })
          })
          .catch((err) => log.warn({ err }, 'event bus: could not subscribe again'))
      })
    },
    /** Whether events of other servers come in now. */
    hears: () => subscribed && subscriber.status === 'ready',
    close() {
      redis.off('ready', onReady)
      subscriber.disconnect()
    },
  }
}

/** How an event changes which chats its receivers hear. */
function movesOf(event: BesedaEvent): Pick<Delivery, 'join' | 'leave'> {
  if (event.type === 'chat.created') return { join: event.chatId }
  if (event.type === 'chat.closed') return { leave: event.chatId }
  return {}
}

function parseDelivery(text: string): Delivery {
  const end = text.indexOf('\n')
  const header: Header = JSON.parse(text.slice(0, end))
  const frame = text.slice(end + 1)
  return frame === '' ? header : { ...header, frame: textFrame(frame) }
}

async function connected(redis: Redis) {
  if (redis.status === 'wait') await redis.connect()
}
