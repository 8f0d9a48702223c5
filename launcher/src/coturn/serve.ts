import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RelaySite } from './conf.ts'

export type ServeOptions = {
  /** The `turnserver` to run. */
  bin: string
  /** Makes the configuration, with or without a certificate. */
  conf: (certificate: RelaySite['certificate']) => string
  /** PEM files, which need not be there yet. */
  certificate?: RelaySite['certificate']
  /** Holds the configuration for as long as the relay runs. */
  folder: string
  /** Milliseconds between two looks at the certificate. */
  interval?: number
  say: (line: string) => void
}

/** A relay that runs. */
export type ServedRelay = {
  /** Its exit code once it has ended by itself, 0 once it was closed. */
  ended: Promise<number>
  close: () => void
}

/**
 * Run coturn with a certificate that somebody else renews: TLS begins once its files
 * are there, and new ones are taken without cutting anybody off.
 */
export function serveRelay(options: ServeOptions): ServedRelay {
  const { bin, conf, certificate, say, interval = 60_000 } = options
  const folder = mkdtempSync(join(options.folder, 'relay-'))
  let seen = fingerprint(certificate)
  let child: ChildProcess | undefined
  let closed = false
  let again = true

  function look() {
    const now = fingerprint(certificate)
    // Files that are gone for a moment are being replaced.
    if (now === undefined || now === seen) return
    if (seen === undefined) {
      say('The certificate is there: the relay starts anew, with TLS.')
      again = true
      child?.kill('SIGTERM')
    } else {
      say('The certificate is new: the relay takes it.')
      child?.kill('SIGUSR2')
    }
    seen = now
  }

  async function run(): Promise<number> {
    const timer = setInterval(look, interval)
    const file = join(folder, 'turnserver.conf')
    try {
      for (;;) {
        again = false
        writeFileSync(file, conf(seen === undefined ? undefined : certificate), { mode: 0o600 })
        child = spawn(bin, ['-c', file, '--pidfile', join(folder, 'pid')], { stdio: 'inherit' })
        const code = await exitOf(child, say)
        if (closed) return 0
        if (!again) return code
      }
    } finally {
      clearInterval(timer)
      rmSync(folder, { recursive: true, force: true })
    }
  }

  return {
    ended: run(),
    close() {
      closed = true
      child?.kill('SIGTERM')
    },
  }
}

/** A hash of both files; nothing while one is missing, or holds nothing. */
function fingerprint(certificate: RelaySite['certificate']): string | undefined {
  if (certificate === undefined) return undefined
  const hash = createHash('sha256')
  try {
    for (const file of [certificate.cert, certificate.key]) {
      const bytes = readFileSync(file)
      if (bytes.length === 0) return undefined
      hash.update(bytes)
    }
  } catch {
    return undefined
  }
  return hash.digest('hex')
}

function exitOf(child: ChildProcess, say: (line: string) => void): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      say(`The relay can't be run: ${error.message}`)
      resolve(127)
    })
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
