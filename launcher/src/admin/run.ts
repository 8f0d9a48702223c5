import { parseArgs } from 'node:util'
import { messageOf, StartError } from '../start-error.ts'
import { makeAdminApi } from './api.ts'
import { commands, type Flags } from './commands.ts'

const flags = [
  'limit',
  'uses',
  'days',
  'messages',
  'files',
  'calls',
  'group',
  'channel',
  'file-mb',
  'calls-per-minute',
] as const

const options = {
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  end: { type: 'boolean' },
  ...Object.fromEntries(flags.map((name) => [name, { type: 'string' as const }])),
} as const

/** The server of this machine; without a public address it is found at its own. */
export type AdminServer = { url: string; dataDir: string; publicUrl?: string | undefined }

export type Output = { out: (text: string) => void; err: (text: string) => void }

/**
 * Carry out one command of `npx pnpm admin` on the server that runs here.
 *
 * @returns the exit code: 0 done, 1 refused or out of reach, 2 not understood
 */
export async function runAdmin(
  argv: string[],
  server: AdminServer,
  { out, err }: Output,
): Promise<number> {
  const parsed = parse(argv)
  if (typeof parsed === 'string') {
    err(`${parsed}\n\n${usage()}`)
    return 2
  }
  const { name, args, values } = parsed
  const command = name === undefined ? undefined : commands[name]
  if (values.help !== undefined || name === undefined) {
    out(usage())
    return 0
  }
  if (!command) {
    err(`There is no command ${name}.\n\n${usage()}`)
    return 2
  }
  try {
    const { data, text } = await command.run(
      makeAdminApi(server),
      args,
      values,
      server.publicUrl ?? server.url,
    )
    out(values.json === undefined ? text : JSON.stringify(data, null, 2))
    return 0
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    err(error.message)
    return 1
  }
}

/** The command, what follows it and the flags; or what is wrong with them. */
function parse(
  argv: string[],
): { name: string | undefined; args: string[]; values: Flags } | string {
  try {
    const { positionals, values } = parseArgs({ args: argv, options, allowPositionals: true })
    const [name, ...args] = positionals
    const given = Object.entries(values).map(([flag, value]) => [flag, String(value)])
    return { name, args, values: Object.fromEntries(given) }
  } catch (error) {
    return messageOf(error)
  }
}

function usage(): string {
  const lines = Object.entries(commands).map(([name, command]) => {
    const call = `${name} ${command.usage}`.trim()
    return call.length > 30
      ? `  ${call}\n  ${' '.repeat(30)}  ${command.help}`
      : `  ${call.padEnd(30)}  ${command.help}`
  })
  return [
    'npx pnpm admin <command> [--json]',
    '',
    'Administers the server that runs on this machine.',
    '',
    ...lines,
  ].join('\n')
}
