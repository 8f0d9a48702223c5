import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readSettings, SettingsError } from '@beseda/protocol/settings'
import { rootDir } from '../root.ts'
import { StartError } from '../start-error.ts'
import { relayConf, relaySite } from './conf.ts'

/**
 * `npx pnpm -s turnserver [--cert file --key file] [--external-ip address]`: print
 * coturn's configuration for this host, made of turnserver.conf and .env.
 */
function main(): void {
  const { values } = parseArgs({
    // pnpm hands on the `--` before the arguments.
    args: process.argv.slice(2).filter((argument) => argument !== '--'),
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
  const envFile = join(rootDir, '.env')
  if (existsSync(envFile)) process.loadEnvFile(envFile)
  const settings = readSettings(
    ['TURN_SECRET', 'TURN_USERNAME', 'TURN_PASSWORD', 'SFU_ANNOUNCED_ADDRESS'],
    process.env,
  )
  const certificate = cert && key ? { cert, key } : undefined
  const site = { ...relaySite(settings), certificate, externalIp: values['external-ip'] }
  process.stdout.write(relayConf(readFileSync(join(rootDir, 'turnserver.conf'), 'utf8'), site))
}

try {
  main()
} catch (error) {
  const expected = error instanceof StartError || error instanceof SettingsError
  console.error(expected ? error.message : error)
  process.exit(1)
}
