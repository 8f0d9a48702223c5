import { accessSync, constants, readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readSettings } from '@beseda/protocol/settings'
import { envFile, loadEnvFile, runCommand } from '../command.ts'
import { rootDir } from '../root.ts'
import { StartError } from '../start-error.ts'
import { outsideAddress, relayConf, relaySite } from './conf.ts'
import { serveRelay } from './serve.ts'

/**
 * `node launcher/src/coturn/main.ts [--cert file --key file]`: run coturn beside the
 * SFU that the settings name, until SIGTERM.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { cert: { type: 'string' }, key: { type: 'string' } } })
  const { cert, key } = values
  if ((cert === undefined) !== (key === undefined)) {
    throw new StartError('--cert and --key go together: TLS needs both.')
  }
  if (mayRead(envFile)) loadEnvFile()
  const settings = readSettings(
    ['TURN_SECRET', 'TURN_USERNAME', 'TURN_PASSWORD', 'SFU_ANNOUNCED_ADDRESS'],
    process.env,
  )
  const site = relaySite(settings)
  const externalIp = outsideAddress(site.peers, ownAddresses())
  const template = readFileSync(join(rootDir, 'turnserver.conf'), 'utf8')
  const relay = serveRelay({
    bin: process.env.TURNSERVER_BIN || 'turnserver',
    conf: (certificate) => relayConf(template, { ...site, externalIp, certificate }),
    certificate: cert && key ? { cert, key } : undefined,
    folder: tmpdir(),
    say: (line) => console.log(line),
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, relay.close)
  return relay.ended
}

/** Who may not is given the settings by whoever may. */
function mayRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK)
    return true
  } catch {
    return false
  }
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .map(({ address }) => address)
    .filter(isIPv4)
}

await runCommand(main)
