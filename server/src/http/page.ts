import fastifyStatic from '@fastify/static'
import type { FastifyRequest } from 'fastify'
import type { App } from './app-type.ts'
import { handleNotFound } from './error-handler.ts'

/** Where Vite puts files whose names change with their content. */
const assets = '/assets/'

/** Serve the built page from `folder`; any address that is not the API's is the page's own. */
export async function servePage(app: App, folder: string | undefined) {
  if (folder === undefined) {
    app.setNotFoundHandler(handleNotFound)
    app.get('/', async (_request, reply) =>
      reply
        .type('text/plain')
        .send('Beseda runs, but its page is not built. Start it with: npx pnpm start\n'),
    )
    return
  }
  await app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    setHeaders(reply, path) {
      const lasting = path.includes(assets)
      reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.setNotFoundHandler((request, reply) =>
    isPageAddress(request) ? reply.sendFile('index.html') : handleNotFound(request, reply),
  )
}

function isPageAddress({ method, url }: FastifyRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  return !/^\/api(\/|\?|$)/.test(url) && !url.startsWith(assets)
}
