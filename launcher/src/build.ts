import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { makeProgress } from './progress.ts'
import { StartError } from './start-error.ts'
import { provideWeb } from './web.ts'
import { provideWorker } from './worker/provide.ts'

/**
 * `npx pnpm run build [--worker file]`: provide the media worker and the page without
 * starting anything, for images and for services that may write nothing; the worker is
 * copied to `file`.
 */
async function main(): Promise<void> {
  const args = process.argv.slice(2).filter((word) => word !== '--')
  const { values } = parseArgs({ args, options: { worker: { type: 'string' } } })
  const progress = makeProgress(process.stdout)
  const worker = await provideWorker({ progress })
  if (worker.warning) progress.note(worker.warning)
  const page = await provideWeb({ progress })
  progress.done()
  if (values.worker) {
    const file = resolve(values.worker)
    mkdirSync(dirname(file), { recursive: true })
    copyFileSync(worker.path, file)
  }
  console.log(`Worker (${worker.source}): ${values.worker ?? worker.path}\nPage: ${page}`)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof StartError ? error.message : error)
  process.exit(1)
}
