import { redisKeys, type SfuNode, sfuNodeSchema, sfuWakeChannel } from '@beseda/protocol/redis'
import type { Redis } from 'ioredis'

/** Milliseconds that a list of nodes is good for; they write their own keys every 2 s. */
const listTtlMs = 1_000

export type SfuNodes = ReturnType<typeof makeSfuNodes>

/**
 * The SFU nodes that are alive: they keep a key in Redis, which outlives a process that is killed by
 * some seconds, and a subscription, which does not.
 */
export function makeSfuNodes(redis: Redis, now: () => number) {
  let listed: { at: number; nodes: Promise<SfuNode[]> } | null = null

  async function scan(): Promise<SfuNode[]> {
    const keys = new Set<string>()
    for await (const batch of redis.scanStream({ match: redisKeys.sfuNode('*'), count: 1000 })) {
      for (const key of batch) keys.add(key)
    }
    if (keys.size === 0) return []
    const nodes = (await redis.mget(...keys)).flatMap((text) => parseNode(text) ?? [])
    const here = await listening(nodes.map(({ node }) => node))
    return nodes.filter(({ node }) => here.has(node))
  }

  /** Which of these nodes are subscribed to their channel. */
  async function listening(nodes: string[]): Promise<Set<string>> {
    if (nodes.length === 0) return new Set()
    const counts = await redis.pubsub('NUMSUB', ...nodes.map(sfuWakeChannel))
    return new Set(nodes.filter((_, index) => Number(counts[index * 2 + 1]) > 0))
  }

  /** All live nodes, at most a second old; callers at the same time share one scan. */
  async function list(): Promise<SfuNode[]> {
    if (listed && now() - listed.at < listTtlMs) return listed.nodes
    const mine = { at: now(), nodes: scan() }
    listed = mine
    const nodes = await mine.nodes.catch((error) => {
      drop(mine)
      throw error
    })
    // Where there is none the next one is found as soon as it comes.
    if (nodes.length === 0) drop(mine)
    return nodes
  }

  function drop(list: typeof listed) {
    if (listed === list) listed = null
  }

  /** One node as it is now; null when it is dead. */
  async function find(node: string): Promise<SfuNode | null> {
    const [text, here] = await Promise.all([redis.get(redisKeys.sfuNode(node)), listening([node])])
    return here.has(node) ? parseNode(text) : null
  }

  /** Which of these nodes are alive now. */
  async function alive(nodes: string[]): Promise<Set<string>> {
    if (nodes.length === 0) return new Set()
    const [found, here] = await Promise.all([
      redis.mget(nodes.map(redisKeys.sfuNode)),
      listening(nodes),
    ])
    return new Set(nodes.filter((node, index) => found[index] !== null && here.has(node)))
  }

  /** Forget the list, because a node on it turned out to be dead. */
  function refresh() {
    listed = null
  }

  return { list, find, alive, refresh }
}

function parseNode(text: string | null | undefined): SfuNode | null {
  if (!text) return null
  try {
    return sfuNodeSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** The node that takes the next call: the least loaded that is not draining; equals take turns by chance. */
export function chooseNode(nodes: SfuNode[], random: () => number = Math.random): SfuNode | null {
  const open = nodes.filter((node) => !node.draining)
  const least = Math.min(...open.map((node) => node.load))
  const equals = open.filter((node) => node.load === least)
  return equals[Math.floor(random() * equals.length)] ?? null
}
