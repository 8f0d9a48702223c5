import helmet from '@fastify/helmet'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { helmetOptions, permissionsPolicy } from './security.ts'

/** The headers of an answer, to a browser that came by TLS or not. */
async function headers(https: boolean) {
  const app = Fastify()
  await app.register(helmet, helmetOptions(https))
  app.get('/', async () => 'here')
  const reply = await app.inject({ url: '/' })
  await app.close()
  return reply.headers
}

test('answers by TLS tell the browser to stay there and to trust nobody else', async () => {
  const { 'content-security-policy': policy, ...rest } = await headers(true)
  expect(policy).toBe(
    [
      "default-src 'self'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self' 'unsafe-inline'",
      "connect-src 'self' wss:",
      "img-src 'self' blob: data:",
      "media-src 'self' blob:",
      "worker-src 'self' blob:",
      "font-src 'self'",
      "form-action 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join(';'),
  )
  expect(rest).toMatchObject({
    'strict-transport-security': 'max-age=15552000; includeSubDomains',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
  })
  expect(rest).not.toHaveProperty('x-powered-by')
})

test('without TLS nothing is promised that does not hold', async () => {
  const plain = await headers(false)
  expect(plain['content-security-policy']).toContain("connect-src 'self' ws: wss:;")
  expect(plain).not.toHaveProperty('strict-transport-security')
  expect(plain).not.toHaveProperty('cross-origin-opener-policy')
})

test('camera, microphone and screen are for our own pages, places and devices for none', () => {
  expect(permissionsPolicy).toContain('camera=(self), microphone=(self), display-capture=(self)')
  expect(permissionsPolicy).toContain('geolocation=()')
})
