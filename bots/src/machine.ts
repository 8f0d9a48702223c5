import { lookup } from 'node:dns/promises'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'

/** What one process takes. */
export type Usage = {
  /** `server`, `SFU`, `SFU worker 1`. */
  name: string
  /** Of one core, all threads together, since the last look. */
  cpuPercent: number
  /** Of its busiest thread. */
  threadPercent: number
  /** Resident memory. */
  memoryMb: number
}

/** The sockets (inodes) that listen on a port, by the text of `/proc/net/tcp` or `tcp6`. */
export function listeners(table: string, port: number): string[] {
  const listening = '0A'
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    return state === listening && local.endsWith(`:${wanted}`) ? [inode] : []
  })
}

/** The port that a URL leads to. */
function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port)
  return protocol === 'https:' || protocol === 'wss:' ? 443 : 80
}

async function isThisMachine(host: string): Promise<boolean> {
  const found = await lookup(host.replace(/^\[|\]$/g, '')).catch(() => null)
  if (!found) return false
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return found.address.startsWith('127.') || own.some(({ address }) => address === found.address)
}

/**
 * The processes of this machine that listen where a URL leads; none where it leads elsewhere,
 * where the kernel has no `/proc`, or where the processes are those of another user.
 */
export async function listenersAt(url: string): Promise<number[]> {
  const to = new URL(url)
  if (!(await isThisMachine(to.hostname))) return []
  const read = (name: string) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')
  const tables = await Promise.all(['tcp', 'tcp6'].map(read))
  const sockets = new Set(
    tables.flatMap((table) => listeners(table, portOf(to))).map((inode) => `socket:[${inode}]`),
  )
  if (sockets.size === 0) return []
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const holds = async (pid: string) => {
    const folder = `/proc/${pid}/fd`
    const files = await readdir(folder).catch(() => [])
    const targets = await Promise.all(
      files.map((fd) => readlink(`${folder}/${fd}`).catch(() => '')),
    )
    return targets.some((target) => sockets.has(target))
  }
  const held = await Promise.all(pids.map(holds))
  return pids.filter((_, index) => held[index]).map(Number)
}

/** The processes that a process has started and that live; none where the kernel has no `/proc`. */
export async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`)
  const lists = await Promise.all(
    threads.map((id) => readFile(`/proc/${pid}/task/${id}/children`, 'utf8').catch(() => '')),
  )
  return lists.flatMap((list) =>
    list
      .split(' ')
      .filter((one) => one !== '')
      .map(Number),
  )
}

/** Nanoseconds that each thread of a process has run, as the kernel's scheduler counts them. */
async function threadTimes(pid: number): Promise<Map<string, number>> {
  const ids = await readdir(`/proc/${pid}/task`)
  const times = ids.map(async (id): Promise<[string, number]> => {
    const text = await readFile(`/proc/${pid}/task/${id}/schedstat`, 'utf8').catch(() => '0')
    return [id, Number(text.split(' ')[0])]
  })
  return new Map(await Promise.all(times))
}

async function memoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
}

type Process = { name: string; pid: number }

/** Server, SFU and the SFU's workers, by where they listen. */
async function findProcesses(serverUrl: string, sfuUrls: readonly string[]): Promise<Process[]> {
  const servers = await listenersAt(serverUrl)
  const sfus = new Set((await Promise.all(sfuUrls.map(listenersAt))).flat())
  // Behind one proxy both are the same process.
  for (const pid of servers) sfus.delete(pid)
  const workers = (
    await Promise.all([...sfus].map((pid) => childrenOf(pid).catch(() => [])))
  ).flat()
  const named = (name: string, pids: number[]) =>
    pids.map((pid, index) => ({ name: pids.length === 1 ? name : `${name} ${index + 1}`, pid }))
  return [...named('server', servers), ...named('SFU', [...sfus]), ...named('SFU worker', workers)]
}

/** How often processes are looked for anew, while one that was seen is missing. */
const findEveryMs = 3_000

/** Looks at server and SFU of this machine; one that ends is left out, one that comes is taken in. */
export function watchMachine(serverUrl: string, sfuUrls: () => readonly string[]) {
  let processes: Process[] = []
  let foundAt = Number.NEGATIVE_INFINITY
  /** The URLs that they were found by, and how many there were at most. */
  let foundBy = 0
  let most = 0
  const before = new Map<number, { at: number; times: Map<string, number> }>()

  async function look({ name, pid }: Process): Promise<Usage[]> {
    try {
      const [times, memory] = await Promise.all([threadTimes(pid), memoryMb(pid)])
      const at = performance.now()
      const last = before.get(pid)
      before.set(pid, { at, times })
      if (!last) return []
      const spans = [...times].map(([id, time]) => time - (last.times.get(id) ?? 0))
      const percent = (nanoseconds: number) => nanoseconds / 1e4 / (at - last.at)
      const cpuPercent = percent(spans.reduce((sum, span) => sum + span, 0))
      return [{ name, cpuPercent, threadPercent: percent(Math.max(0, ...spans)), memoryMb: memory }]
    } catch {
      processes = processes.filter((one) => one.pid !== pid)
      return []
    }
  }

  return {
    /** What each takes since the last time; nothing at its first sight. */
    async take(): Promise<Usage[]> {
      const now = performance.now()
      const urls = sfuUrls()
      const missing = processes.length < most && now - foundAt >= findEveryMs
      if (foundAt < 0 || urls.length !== foundBy || missing) {
        foundAt = now
        foundBy = urls.length
        processes = await findProcesses(serverUrl, urls)
        most = Math.max(most, processes.length)
      }
      return (await Promise.all(processes.map(look))).flat()
    },
  }
}
