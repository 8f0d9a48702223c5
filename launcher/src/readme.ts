import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { settings } from '@beseda/protocol/settings'
import { rootDir } from './root.ts'

const begin = '<!-- settings: written by `npx pnpm readme` -->'
const end = '<!-- settings end -->'

/** The README's table of settings, from their declarations. */
export function settingsTable(): string {
  const rows = Object.entries(settings).map(
    ([name, { shown, doc }]) => `| \`${name}\` | ${shown} | ${doc} |`,
  )
  return ['| name | default | is |', '| --- | --- | --- |', ...rows].join('\n')
}

/** The README with its table of settings brought up to date. @throws Error where the marks are missing */
export function withSettingsTable(readme: string): string {
  const [before, rest] = readme.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) {
    throw new Error(`README.md lacks the lines ${begin} and ${end}.`)
  }
  return `${before}${begin}\n${settingsTable()}\n${end}${after}`
}

if (import.meta.main) {
  const file = join(rootDir, 'README.md')
  await writeFile(file, withSettingsTable(await readFile(file, 'utf8')))
}
