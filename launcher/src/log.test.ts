import { mkdtempSync, readFileSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { humanLine, openLog, shownLevel } from './log.ts'

const time = new Date('2026-01-01T12:34:56').getTime()
const entry = (fields: object) => JSON.stringify({ level: 50, time, pid: 1, ...fields })

test.each([
  [
    'an error with its cause',
    entry({ msg: 'query failed', err: { message: 'gone' } }),
    '12:34:56 server error: query failed: gone',
  ],
  [
    'a cause that is the message',
    entry({ msg: 'gone', err: { message: 'gone' } }),
    '12:34:56 server error: gone',
  ],
  ['a warning', entry({ level: 40, msg: 'slow' }), '12:34:56 server warning: slow'],
  ['only the first line', entry({ msg: 'one\ntwo' }), '12:34:56 server error: one'],
  ['text that is no JSON', 'panic', 'server: panic'],
  ['JSON of another kind', '{"a":1}', 'server: {"a":1}'],
  ['nothing of an information', entry({ level: 30, msg: 'request' }), undefined],
  ['nothing of a warning of Node', '(node:1) [DEP0001] DeprecationWarning: x', undefined],
  ['nothing of an empty line', '', undefined],
])('a person reads %s', (_, line, expected) => {
  expect(humanLine('server', line)).toBe(expected)
})

test('LOG_LEVEL decides what is shown', () => {
  expect(humanLine('server', entry({ level: 30, msg: 'x' }), shownLevel('info'))).toContain('x')
  expect(humanLine('server', entry({ level: 40 }), shownLevel('error'))).toBeUndefined()
  expect(humanLine('server', entry({ level: 60 }), shownLevel('silent'))).toBeUndefined()
  expect(shownLevel('warn')).toBe(40)
  expect(shownLevel(undefined)).toBe(40)
})

test('a log is appended to, and put aside when it is long', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'beseda-log-'))
  for (const line of ['one', 'two']) {
    const log = openLog(dir, 'sfu')
    log.write(line)
    await log.close()
  }
  const path = join(dir, 'log', 'sfu.log')
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
  truncateSync(path, 10 * 2 ** 20 + 1)
  const log = openLog(dir, 'sfu')
  log.write('three')
  await log.close()
  expect(readFileSync(path, 'utf8')).toBe('three\n')
  expect(readFileSync(`${path}.1`).length).toBe(10 * 2 ** 20 + 1)
})
