import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { commandWords, runCommand } from './command.ts'
import { makeProgress } from './progress.ts'
import { provideWeb } from './web.ts'
import { provideWorker } from './worker/provide.ts'

/**
 * `npx pnpm run build [--worker file]`: provide the media worker and the page without
 * starting anything, for images and for services that may write nothing; the worker is
 * copied to `file`.
 */
async function main(): Promise<undefined> {
  const { values } = parseArgs({
    args: commandWords(),
    options: { worker: { type: 'string' } },
  })
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

await runCommand(main)
