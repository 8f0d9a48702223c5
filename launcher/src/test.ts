import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { aptInstall } from './apt.ts'
import { provideChromium } from './chromium.ts'
import { provideCoturn } from './coturn/provide.ts'
import { findProgram } from './programs.ts'
import { makeProgress } from './progress.ts'
import { rootDir } from './root.ts'
import { messageOf, StartError } from './start-error.ts'
import { summarize } from './test-summary.ts'
import { provideWeb } from './web.ts'
import { provideWorker } from './worker/provide.ts'

/**
 * `npx pnpm test [arguments for Vitest]`: bring what the tests need, then run
 * all of them: Biome, the types, Vitest. Exit code 1 when anything failed. The
 * count goes to test-results/summary.json as well.
 */

const resultsDir = join(rootDir, 'test-results')
const report = join(resultsDir, 'vitest.json')

/** A command of node_modules/.bin, on this terminal. */
function runHere(command: string, args: readonly string[]): Promise<number> {
  const bin = join(rootDir, 'node_modules', '.bin')
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` }
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: rootDir, env, stdio: 'inherit' })
    child.on('error', () => resolve(127))
    child.on('close', (code) => resolve(code ?? 1))
  })
}

async function main(): Promise<void> {
  mkdirSync(resultsDir, { recursive: true })
  rmSync(report, { force: true })
  rmSync(join(resultsDir, 'summary.json'), { force: true })

  const progress = makeProgress(process.stdout)
  process.env.CHROMIUM_BIN = await provideChromium(process.env, progress)
  process.env.TURNSERVER_BIN = await provideCoturn(process.env, progress)
  // The tests in networks of their own say what is missing, and are left out.
  if (process.getuid?.() === 0 && !findProgram(['ip'], process.env)) {
    await aptInstall(['iproute2'], progress)
    progress.done()
  }
  const worker = await provideWorker({ progress })
  if (worker.warning) progress.note(worker.warning)
  process.env.MEDIASOUP_WORKER_BIN = worker.path

  const failed: string[] = []
  const check = async (name: string, command: string, ...args: string[]) => {
    if ((await runHere(command, args)) !== 0) failed.push(name)
  }
  await check('lint', 'biome', 'check', '.')
  await check('types', 'tsc', '--noEmit')
  await check('types of the page', 'tsc', '--noEmit', '-p', 'web')
  await provideWeb({ progress }).catch((error: unknown) => {
    console.error(messageOf(error))
    failed.push('the build of the page')
  })
  const vitest = await runHere('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    // pnpm hands on the `--` before the arguments.
    ...process.argv.slice(2).filter((argument) => argument !== '--'),
  ])
  const summary = summarize(report, vitest, failed.length)
  writeFileSync(join(resultsDir, 'summary.json'), `${JSON.stringify(summary)}\n`)
  if (failed.length > 0) console.error(`Failed besides the tests: ${failed.join(', ')}.`)
  console.log(`${summary.passed} passed, ${summary.failed} failed`)
  process.exit(summary.failed > 0 ? 1 : 0)
}

main().catch((error: unknown) => {
  console.error(error instanceof StartError ? error.message : error)
  process.exit(1)
})
