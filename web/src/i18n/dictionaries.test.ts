import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { en } from './en.ts'
import { ru } from './ru.ts'

type Leaf = { path: string; value: unknown }

function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }]
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, path === '' ? key : `${path}.${key}`),
  )
}

const paths = (dictionary: object) =>
  leaves(dictionary)
    .map((leaf) => leaf.path)
    .sort()

function sources(): string {
  const root = fileURLToPath(new URL('..', import.meta.url))
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.ts$/.test(file))
    .filter((file) => !file.startsWith('gallery') && !/^i18n\/(ru|en)\.ts$/.test(file))
    .map((file) => readFileSync(`${root}/${file}`, 'utf8'))
    .join('\n')
}

/** A key counts as used when it is named, or when its group is taken whole to be looked up in. */
function isUsed(path: string, code: string): boolean {
  const parts = path.split('.')
  const group = parts.slice(0, -1).join('\\.')
  const named = new RegExp(`\\.${parts.join('\\.')}\\b`)
  const whole = new RegExp(`\\bt(\\(\\))?\\.${group}\\b(?!\\.)`)
  return named.test(code) || whole.test(code)
}

test('both dictionaries have the same keys', () => {
  expect(paths(en)).toEqual(paths(ru))
})

test('no word is empty, and functions take the same arguments', () => {
  const russian = new Map(leaves(ru).map((leaf) => [leaf.path, leaf.value]))
  for (const { path, value } of leaves(en)) {
    if (typeof value === 'string') expect(value.trim(), path).not.toBe('')
    expect(typeof value, path).toBe(typeof russian.get(path))
  }
})

test('the Russian words are Russian and the English ones are not', () => {
  for (const { path, value } of leaves(ru)) {
    if (typeof value === 'string') expect(value, path).toMatch(/[а-яё]/i)
  }
  for (const { path, value } of leaves(en)) {
    if (typeof value === 'string') expect(value, path).not.toMatch(/[а-яё]/i)
  }
})

test('every key is used by the page', () => {
  const code = sources()
  expect(paths(ru).filter((path) => !isUsed(path, code))).toEqual([])
})
