import { readFileSync } from 'node:fs'
import { z } from 'zod'

export type Summary = { passed: number; failed: number }

const reportSchema = z.object({
  numPassedTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
})

/**
 * Count what ran: Vitest's tests, and one failure for each other check that
 * failed. A Vitest that came to no result is `0 passed, 1 failed`.
 *
 * @param report path of Vitest's JSON report
 * @param checksFailed how many of the other checks failed
 */
export function summarize(report: string, vitestCode: number, checksFailed: number): Summary {
  let parsed: z.infer<typeof reportSchema>
  try {
    parsed = reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')))
  } catch {
    return { passed: 0, failed: 1 + checksFailed }
  }
  let failed = 0
  for (const file of parsed.testResults) {
    const tests = file.assertionResults.filter(({ status }) => status === 'failed').length
    // A file that could not even be loaded has no tests to count.
    failed += tests === 0 && file.status === 'failed' ? 1 : tests
  }
  // An error outside of any test, for example.
  if (failed === 0 && (vitestCode !== 0 || !parsed.success)) failed = 1
  return { passed: parsed.numPassedTests, failed: failed + checksFailed }
}
