import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { summarize } from './test-summary.ts'

const file = (status: string, ...results: string[]) => ({
  status,
  assertionResults: results.map((result) => ({ status: result })),
})

function report(passed: number, success: boolean, ...testResults: object[]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'beseda-report-')), 'report.json')
  writeFileSync(path, JSON.stringify({ numPassedTests: passed, success, testResults }))
  return path
}

test.each([
  ['all is well', report(2, true, file('passed', 'passed', 'passed')), 0, 0, [2, 0]],
  ['a test fails', report(1, false, file('failed', 'passed', 'failed')), 1, 0, [1, 1]],
  [
    'a file does not load',
    report(1, false, file('passed', 'passed'), file('failed')),
    1,
    0,
    [1, 1],
  ],
  [
    'a test fails and a file does not load',
    report(1, false, file('failed', 'passed', 'failed'), file('failed')),
    1,
    0,
    [1, 2],
  ],
  ['an error outside', report(1, false, file('passed', 'passed')), 1, 0, [1, 1]],
  ['the coverage fails', report(1, true, file('passed', 'passed')), 1, 0, [1, 1]],
  ['lint and types fail', report(1, true, file('passed', 'passed')), 0, 2, [1, 2]],
  ['vitest crashes', '/nowhere.json', 1, 0, [0, 1]],
])('counts when %s', (_, path, code, checks, [passed, failed]) => {
  expect(summarize(path, code, checks)).toEqual({ passed, failed })
})
