import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { composeSettings, settings } from '@beseda/protocol/settings'
import { envFile } from './env-file.ts'
import { rootDir } from './root.ts'

const begin = '<!-- settings: written by `npx pnpm readme` -->'
const end = '<!-- settings end -->'

/** The README's tables of settings, from their declarations. */
export function settingsTables(): string {
  const own = table(settings)
  return `${own}\n\n\`docker-compose.yml\` reads these besides:\n\n${table(composeSettings)}`
}

function table(declared: Record<string, { shown: string; doc: string }>): string {
  const rows = Object.entries(declared).map(
    ([name, { shown, doc }]) => `| \`${name}\` | ${shown} | ${doc} |`,
  )
  return ['| name | default | is |', '| --- | --- | --- |', ...rows].join('\n')
}

/** `.env.example`: every setting, none of them set. */
export function envExample(): string {
  return envFile(
    [
      'Every setting of Beseda. `npx pnpm run setup` writes a `.env` with strong secrets;',
      'or copy this file to `.env` and take the # from what you set.',
    ],
    {},
  )
}

/** The README with its tables of settings brought up to date. @throws Error where the marks are missing */
export function withSettingsTables(readme: string): string {
  const [before, rest] = readme.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) {
    throw new Error(`README.md lacks the lines ${begin} and ${end}.`)
  }
  return `${before}${begin}\n${settingsTables()}\n${end}${after}`
}

if (import.meta.main) {
  const file = join(rootDir, 'README.md')
  await writeFile(file, withSettingsTables(await readFile(file, 'utf8')))
  await writeFile(join(rootDir, '.env.example'), envExample())
}
