import { composeSettings, settings } from '@beseda/protocol/settings'
import { StartError } from './start-error.ts'

/**
 * What Node, Docker Compose and systemd all read as it stands: none of them takes
 * anything in it for a quote, a comment or a variable.
 */
const plain = /^[\w.,:;/@+=?&~[\]-]*$/

const groups = [
  ['Beseda', settings],
  ['docker-compose.yml', composeSettings],
] as const

/**
 * The text of a `.env` with every setting, its default and what it is; those of
 * `values` are set.
 *
 * @param head lines above all, as a comment
 * @throws StartError naming a value that not every reader of the file takes alike
 */
export function envFile(head: readonly string[], values: Record<string, string>): string {
  const blocks = groups.map(([title, declared]) => [
    `## ${title}`,
    '',
    ...Object.entries(declared).map(([name, { doc, shown }]) =>
      [`# ${doc} (default: ${shown})`, line(name, values[name]), ''].join('\n'),
    ),
  ])
  return [...head.map((text) => `# ${text}`), '', ...blocks.flat()].join('\n')
}

function line(name: string, value: string | undefined): string {
  if (value === undefined) return `#${name}=`
  if (!plain.test(value)) {
    throw new StartError(`${name} holds characters that can't stand in .env: choose another.`)
  }
  return `${name}=${value}`
}
