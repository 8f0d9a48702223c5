import { SettingsError } from '@beseda/protocol/settings'
import { buildApp } from './app.ts'
import { StartError } from './errors.ts'
import { buildServices } from './services.ts'
import { readServerSettings } from './settings.ts'

/**
 * The server process. Its parent is told `{ type: 'ready' }` once it listens;
 * when the parent goes, or on SIGTERM or SIGINT, it stops in order.
 */
async function main() {
  const settings = readServerSettings(process.env)
  const services = await buildServices(settings)
  const app = await buildApp(services, { webDist: process.env.WEB_DIST || undefined })

  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= app
      .close()
      .then(services.close)
      .then(() => process.exit(0))
      .catch(fail)
    return stopping
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.once('disconnect', stop)

  try {
    await app.listen({ host: settings.HOST, port: settings.PORT })
  } catch (error) {
    throw listenProblem(error, settings)
  }
  process.send?.({ type: 'ready' })
}

function listenProblem(error: unknown, { HOST, PORT }: { HOST: string; PORT: number }) {
  const code = error instanceof Error && 'code' in error ? error.code : error
  if (code === 'EADDRINUSE') {
    return new StartError(`Port ${PORT} on ${HOST} is taken: stop what uses it, or set PORT.`)
  }
  return new StartError(
    `The server can not listen on ${HOST}:${PORT} (${code}): set HOST and PORT.`,
  )
}

function fail(error: unknown) {
  const known = error instanceof StartError || error instanceof SettingsError
  console.error(known ? error.message : error)
  process.exit(1)
}

main().catch(fail)
