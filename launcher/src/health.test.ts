import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { requireHealth } from './health.ts'

test('a service that answers is well, one that does not is not', async () => {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/healthz' ? 200 : 503).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await requireHealth(`http://127.0.0.1:${port}/healthz`)
  await requireHealth(`tcp://127.0.0.1:${port}`)
  await expect(requireHealth(`http://127.0.0.1:${port}/readyz`)).rejects.toThrow('it answers 503')
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await expect(requireHealth(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
  await expect(requireHealth(`tcp://127.0.0.1:${port}`)).rejects.toThrow('ECONNREFUSED')
})
