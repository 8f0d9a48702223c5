import { readdir, readFile } from 'node:fs/promises'

/** Nanoseconds that a process has run, all threads together, as the kernel's scheduler counts them. */
export async function cpuOf(pid: number): Promise<bigint> {
  let sum = 0n
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const [running = '0'] = (await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')).split(
      ' ',
    )
    sum += BigInt(running)
  }
  return sum
}

/** The worker of an SFU that has one. @throws Error when it has none */
export async function workerOf(sfuPid: number): Promise<number> {
  const children = await readFile(`/proc/${sfuPid}/task/${sfuPid}/children`, 'utf8')
  const [child] = children.trim().split(' ')
  if (!child) throw new Error('the SFU has no worker')
  return Number(child)
}
