import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Do `work` while holding an flock on `file`, so that only one process on the
 * machine does it at a time. The kernel drops the lock whatever dies: a helper
 * holds it for as long as its stdin is open.
 *
 * Where there is no `flock` command (outside Linux) the work is done unlocked.
 */
export async function withLock<T>(
  file: string,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const holder = spawn('flock', ['--exclusive', file, 'sh', '-c', 'echo held; cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Out of reach of the terminal's Ctrl-C: the lock ends with us, not before us.
    detached: true,
  })
  holder.stdin.on('error', () => {})
  const waiting = setTimeout(onWait, 500)
  try {
    await Promise.race([
      once(holder.stdout, 'data'),
      once(holder, 'exit'),
      new Promise((resolve) => holder.once('error', resolve)),
    ]).catch(() => {})
    clearTimeout(waiting)
    return await work()
  } finally {
    clearTimeout(waiting)
    holder.stdin.end()
  }
}
