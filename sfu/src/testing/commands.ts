import { sfuCommandsStream, sfuWakeChannel } from '@beseda/protocol/redis'
import type { Sfu } from '../build.ts'

/** Give a node a command as a server does; `text` may be nonsense. */
export async function writeCommand(
  { redis, node }: Pick<Sfu, 'redis' | 'node'>,
  text: string,
): Promise<void> {
  await redis.xadd(sfuCommandsStream(node), '*', 'command', text)
  await redis.publish(sfuWakeChannel(node), '')
}
