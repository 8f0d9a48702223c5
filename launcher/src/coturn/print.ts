import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readSettings } from '@beseda/protocol/settings'
import { commandWords, loadEnvFile, runCommand } from '../command.ts'
import { rootDir } from '../root.ts'
import { StartError } from '../start-error.ts'
import { relayConf, relaySite } from './conf.ts'

/**
 * `npx pnpm -s turnserver [--cert file --key file] [--external-ip address]`: print
 * coturn's configuration for this host, made of turnserver.conf and .env.
 */
function main(): undefined {
  const { values } = parseArgs({
    args: commandWords(),
    options: {
      cert: { type: 'string' },
      key: { type: 'string' },
      'external-ip': { type: 'string' },
    },
  })
  const { cert, key } = values
  if ((cert === undefined) !== (key === undefined)) {
    throw new StartError('--cert and --key go together: TLS needs both.')
  }
  loadEnvFile()
  const settings = readSettings(
    ['TURN_SECRET', 'TURN_USERNAME', 'TURN_PASSWORD', 'SFU_ANNOUNCED_ADDRESS'],
    process.env,
  )
  const certificate = cert && key ? { cert, key } : undefined
  const site = { ...relaySite(settings), certificate, externalIp: values['external-ip'] }
  process.stdout.write(relayConf(readFileSync(join(rootDir, 'turnserver.conf'), 'utf8'), site))
}

await runCommand(main)
