import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { QueryError } from './interval.ts'
import { ask } from './prometheus.ts'

let asked = new URLSearchParams()
let answer: unknown
const server = createServer(async (request, reply) => {
  asked = new URLSearchParams(await text(request))
  reply.end(JSON.stringify(answer))
})
let url = ''
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
})
afterAll(() => {
  server.close()
})

const target = { expr: 'rate(a_total[$__rate_interval])', legendFormat: '{{ job }} of {{node}}' }
const range = { from: 1_000_007, to: 1_001_207 }

test('asks on multiples of the step, and takes numbers alone', async () => {
  answer = {
    status: 'success',
    data: {
      result: [
        {
          metric: { job: 'sfu', instance: 'a' },
          values: [
            [1_000_005, 'NaN'],
            [1_000_020, '0.5'],
            [1_000_035, '+Inf'],
          ],
        },
      ],
    },
  }
  expect(await ask(url, target, range, 500)).toEqual([
    { name: 'sfu of ', points: [[1_000_020, 0.5]], step: 15 },
  ])
  expect(Object.fromEntries(asked)).toEqual({
    query: 'rate(a_total[60s])',
    start: '1000005',
    end: '1001205',
    step: '15',
  })
})

test('says why Prometheus refuses', async () => {
  answer = { status: 'error', errorType: 'bad_data', error: 'parse error' }
  const refused = ask(url, target, range, 500)
  await expect(refused).rejects.toThrow(QueryError)
  await expect(refused).rejects.toThrow('parse error')
})

test('says that there is none', async () => {
  await expect(ask('http://127.0.0.1:1', target, range, 500)).rejects.toThrow(
    'No Prometheus answers at http://127.0.0.1:1.',
  )
})
