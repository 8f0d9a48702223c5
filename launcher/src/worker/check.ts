import { run } from '../run.ts'

/** With no MEDIASOUP_VERSION in its environment a worker that works says so with 41. */
const MISSING_VERSION = 41

/**
 * Does this worker run on this machine? A shared library that is missing, a
 * download cut short and another architecture all answer false.
 */
export async function workerRuns(path: string): Promise<boolean> {
  const { code } = await run(path, [], { env: {}, timeoutMs: 5000 })
  return code === MISSING_VERSION
}

/**
 * Is this worker's SRTP on NSS (Debian's libsrtp2) rather than on OpenSSL? It
 * costs 1.8 times the CPU for each packet.
 */
export async function loadsNss(path: string): Promise<boolean> {
  const lines: string[] = []
  await run('ldd', [path], { timeoutMs: 5000, onLine: (line) => lines.push(line) })
  return lines.some((line) => line.includes('libnss3'))
}
