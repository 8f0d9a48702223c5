import {
  type SfuCommand,
  sfuCommandSchema,
  sfuCommandsStream,
  sfuWakeChannel,
} from '@beseda/protocol/redis'
import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'

export type CommandsOptions = {
  redis: Redis
  node: string
  onCommand: (command: SfuCommand) => Promise<void>
  /** Milliseconds between two looks that nobody asked for. */
  interval: number
  log: FastifyBaseLogger
}

/**
 * Do what the servers want done on this node, in order and each once: what came while the
 * connection was down as soon as it is back. Answers how to stop.
 */
export async function hearCommands(options: CommandsOptions): Promise<() => void> {
  const { redis, node, interval, log } = options
  const subscriber = redis.duplicate({ lazyConnect: true, commandTimeout: undefined })
  const look = makeLook(options)
  subscriber.on('error', (error) => log.debug({ err: error }, 'redis failed'))
  subscriber.on('message', look)
  await subscriber.connect()
  await subscriber.subscribe(sfuWakeChannel(node))
  // After a reconnect: the subscription stands again, and what it missed is in the stream.
  subscriber.on('ready', look)
  redis.on('ready', look)
  const timer = setInterval(look, interval)
  return () => {
    clearInterval(timer)
    redis.off('ready', look)
    subscriber.disconnect()
  }
}

/** Make the reading of what is new; one at a time, and once more when asked for meanwhile. */
function makeLook({ redis, node, onCommand, log }: CommandsOptions): () => void {
  const stream = sfuCommandsStream(node)
  let done = '-'
  let asked = false
  let looking = false

  async function readNew(): Promise<void> {
    const entries = await redis.xrange(stream, done, '+')
    for (const [id, fields] of entries) {
      done = `(${id}`
      const text = fields[1] ?? ''
      const command = parse(text)
      if (!command) log.warn({ text: text.slice(0, 200) }, 'a command that is none')
      else
        await onCommand(command).catch((error) => log.error({ err: error, command }, 'a command'))
    }
  }

  return async function look(): Promise<void> {
    asked = true
    if (looking) return
    looking = true
    while (asked) {
      asked = false
      await readNew().catch((error) => log.debug({ err: error }, 'commands wait for redis'))
    }
    looking = false
  }
}

function parse(text: string): SfuCommand | undefined {
  try {
    return sfuCommandSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
