import { lookup } from 'node:dns/promises'
import { existsSync } from 'node:fs'
import { availableParallelism, networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { commandWords, envFile, runCommand } from '../command.ts'
import { messageOf, StartError } from '../start-error.ts'
import { proposeAddress } from './address.ts'
import { setup, thereAlready } from './setup.ts'

const usage = `npx pnpm run setup [flags]: write .env for a host; what no flag says is asked.

  --domain chat.example.org     name of the host
  --email admin@example.org     where the certificate authority writes to
  --address 203.0.113.7         public address of media, several with commas
  --registration invite         who may sign up: open, invite, closed
  --behind-proxy                a proxy of your own has the certificate
  --monitoring                  Prometheus and Grafana besides
  --yes                         take what is proposed and ask nothing
  --file .env                   where to write`

const options = {
  domain: { type: 'string' },
  email: { type: 'string' },
  address: { type: 'string' },
  registration: { type: 'string' },
  'behind-proxy': { type: 'boolean' },
  monitoring: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  file: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** `npx pnpm run setup`. */
async function main(): Promise<undefined> {
  const { values } = parse()
  if (values.help) return void console.log(usage)
  const file = values.file ? resolve(values.file) : envFile
  if (existsSync(file)) throw new StartError(thereAlready(file))
  const terminal = process.stdin.isTTY ? openTerminal() : undefined
  await setup({
    file,
    given: { ...values, behindProxy: values['behind-proxy'] },
    workers: Math.min(availableParallelism(), 16),
    ask:
      terminal &&
      ((question, proposal) => terminal.ask(`${question}${proposal && ` [${proposal}]`}: `)),
    say: (line) => console.log(line),
    propose: async (domain) => proposeAddress(ownAddresses(), await addressesOf(domain)),
  })
  terminal?.close()
}

/** Asks at the terminal; what was typed ahead or pasted answers the questions to come. */
function openTerminal() {
  const reader = createInterface({ input: process.stdin, output: process.stdout })
  const lines = reader[Symbol.asyncIterator]()
  return {
    async ask(question: string): Promise<string> {
      reader.setPrompt(question)
      reader.prompt()
      const { value, done } = await lines.next()
      // Ctrl-C and Ctrl-D.
      if (done) process.exit(1)
      return value
    },
    close: () => reader.close(),
  }
}

function parse() {
  try {
    return parseArgs({ args: commandWords(), options })
  } catch (error) {
    throw new StartError(`${messageOf(error)}\n\n${usage}`)
  }
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
}

async function addressesOf(domain: string): Promise<string[]> {
  const found = await lookup(domain, { all: true }).catch(() => [])
  return found.map(({ address }) => address)
}

await runCommand(main)
