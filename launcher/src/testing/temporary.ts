import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Let the temporary folder of all tests be one of their own, so that nothing stays behind in the
 * system's, also of tests that were cut short. What is worth keeping from run to run goes to
 * `TEST_CACHE_DIR`.
 *
 * @returns what removes it
 */
export function ownTemporaryFolder(): () => void {
  // Several projects run in one process, and each sets up.
  if (process.env.TEST_CACHE_DIR) return () => {}
  process.env.TEST_CACHE_DIR = tmpdir()
  const folder = mkdtempSync(join(tmpdir(), 'beseda-tests-'))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
