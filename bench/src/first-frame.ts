import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cameraEncodings } from '@beseda/client/calls/encodings'
import { freePort } from '@beseda/launcher/ports'
import { provideWorker } from '@beseda/launcher/worker/provide'
import type { types } from 'mediasoup'
import type { Browser } from 'playwright-core'
import { type Bare, startBare, transportOptions } from './bare.ts'
import { withBeseda } from './beseda.ts'
import { openBrowser, openPage } from './browser.ts'
import { provideJanus, room, startJanus } from './janus/server.ts'
import { median, percentile, type Row } from './numbers.ts'
import type { BarePage } from './pages/bare.ts'
import type { BesedaPage } from './pages/beseda.ts'
import type { JanusPage } from './pages/janus.ts'

const rounds = 40
const warmUp = 3
/** Chromium answers no second request for a key frame within 300 ms. */
const pauseMs = 350
/**
 * Some of it by chance, before every join: else one would begin at the moment at which the one
 * before has seen its frame, and wait for almost all of the time until the camera's next.
 */
const pauseSpreadMs = 200
const returnRounds = 6
/** Until the camera has stopped, and the SFU counts its layers as gone, in ms. */
const awayMs = 2_500

/**
 * From "join" to the first decoded frame of somebody who is in already, page
 * open, in Chromium: Beseda beside a page that knows mediasoup and nothing else.
 */
export async function measureFirstFrame(): Promise<Row[]> {
  const { path } = await provideWorker({ env: process.env })
  const bare = await startBare(path, await freePort('127.0.0.1'))
  const web = await serveBare(bare)
  const browser = await openBrowser()
  let closeJanus: (() => Promise<void>) | undefined
  try {
    const janus = await provideJanus()
      .then((program) => startJanus(program, { eventLoops: 1 }))
      .catch(sayWithout)
    closeJanus = janus?.close
    return await withBeseda({ MEDIASOUP_WORKER_BIN: path }, async ({ url }) => {
      const joinJanus = janus && (await prepareJanus(browser, web.url, janus.url))
      const joinBare = await prepareBare(browser, web.url)
      const { join: joinBeseda, watchAgain } = await prepareBeseda(browser, url)
      const times = { bare: [] as number[], beseda: [] as number[], janus: [] as number[] }
      for (let round = 0; round < warmUp + rounds; round++) {
        const took = {
          bare: await chance().then(joinBare),
          beseda: await chance().then(joinBeseda),
          janus: await chance().then(() => joinJanus?.()),
        }
        if (round < warmUp) continue
        times.bare.push(took.bare)
        times.beseda.push(took.beseda)
        if (took.janus !== undefined) times.janus.push(took.janus)
      }
      const back = await watchAgain()
      return [
        { what: 'bare mediasoup page, p50', value: median(times.bare), unit: 'ms' },
        { what: 'bare mediasoup page, p95', value: percentile(times.bare, 0.95), unit: 'ms' },
        { what: 'Beseda, p50', value: median(times.beseda), unit: 'ms' },
        { what: 'Beseda, p95', value: percentile(times.beseda, 0.95), unit: 'ms' },
        {
          what: 'ratio of p50',
          value: median(times.beseda) / median(times.bare),
          unit: '×',
          goal: 1.5,
        },
        ...besideJanus(times),
        {
          what: 'a camera that nobody saw is seen again, p50',
          value: median(back.returns),
          unit: 'ms',
        },
        {
          what: 'a camera that nobody saw is seen again, slowest',
          value: Math.max(...back.returns),
          unit: 'ms',
          goal: 500,
        },
        {
          what: 'a layer that rested has encoded a key frame, p50',
          value: median(back.keyFrames),
          unit: 'ms',
        },
        {
          what: 'a layer that rested has encoded a key frame, slowest',
          value: Math.max(...back.keyFrames),
          unit: 'ms',
          goal: 500,
        },
        {
          what: 'a small picture becomes a large one, p50',
          value: median(back.growths),
          unit: 'ms',
        },
      ]
    })
  } finally {
    await browser.close()
    await closeJanus?.()
    web.close()
    bare.close()
  }
}

const chance = () =>
  new Promise<void>((next) => setTimeout(next, pauseMs + Math.random() * pauseSpreadMs))

function sayWithout(error: unknown) {
  console.log(`  without Janus: ${error instanceof Error ? error.message : error}`)
  return undefined
}

function besideJanus({ beseda, janus }: { beseda: number[]; janus: number[] }): Row[] {
  if (janus.length === 0) return []
  return [
    { what: 'Janus VideoRoom, p50', value: median(janus), unit: 'ms' },
    { what: 'Janus VideoRoom, p95', value: percentile(janus, 0.95), unit: 'ms' },
    { what: 'Beseda / Janus, p50', value: median(beseda) / median(janus), unit: '×', goal: 0.4 },
  ]
}

/** Somebody sends a camera into a VideoRoom; answers how somebody else joins. */
async function prepareJanus(browser: Browser, url: string, janusUrl: string) {
  const [publisher, viewer] = await Promise.all([
    openPage(browser, url, 'janus.ts'),
    openPage(browser, url, 'janus.ts'),
  ])
  for (const page of [publisher, viewer]) {
    await page.evaluate(
      (address) => (globalThis as unknown as { bench: JanusPage }).bench.load(address),
      janusUrl,
    )
  }
  const feed = await publisher.evaluate(
    (id) => (globalThis as unknown as { bench: JanusPage }).bench.publish(id),
    room,
  )
  return () =>
    viewer.evaluate(
      ([id, from]) => (globalThis as unknown as { bench: JanusPage }).bench.timeJoin(id, from),
      [room, feed] as const,
    )
}

type InPage = { bench: BesedaPage }

/** Somebody sends a camera; answers how somebody else joins, and how they look away and back. */
async function prepareBeseda(browser: Browser, url: string) {
  const [publisher, viewer] = await Promise.all([
    openPage(browser, `${url}/healthz`, 'beseda.ts'),
    openPage(browser, `${url}/healthz`, 'beseda.ts'),
  ])
  await publisher.evaluate(
    (name) => (globalThis as unknown as InPage).bench.signUp(name),
    'publisher',
  )
  const viewerId = await viewer.evaluate(
    (name) => (globalThis as unknown as InPage).bench.signUp(name),
    'viewer',
  )
  const callId = await publisher.evaluate(
    (id) => (globalThis as unknown as InPage).bench.publish(id),
    viewerId,
  )
  const join = () =>
    viewer.evaluate((id) => (globalThis as unknown as InPage).bench.timeJoin(id), callId)

  async function watchAgain() {
    await viewer.evaluate((id) => (globalThis as unknown as InPage).bench.watch(id), callId)
    const returns: number[] = []
    const growths: number[] = []
    const keyFrames: number[] = []
    for (let round = 0; round < returnRounds; round++) {
      returns.push(
        await viewer.evaluate(
          (ms) => (globalThis as unknown as InPage).bench.timeReturn(ms),
          awayMs,
        ),
      )
      await viewer.evaluate((ms) => (globalThis as unknown as InPage).bench.shrink(ms), awayMs)
      const before = await publisher.evaluate(() =>
        (globalThis as unknown as InPage).bench.keyFrames(),
      )
      const keyFrame = publisher.evaluate(
        (count) => (globalThis as unknown as InPage).bench.keyFrameAfter(count),
        before,
      )
      const { askedAt, took } = await viewer.evaluate(() =>
        (globalThis as unknown as InPage).bench.grow(),
      )
      growths.push(took)
      keyFrames.push((await keyFrame) - askedAt)
    }
    return { returns, growths, keyFrames }
  }
  return { join, watchAgain }
}

async function prepareBare(browser: Browser, url: string): Promise<() => Promise<number>> {
  const [publisher, viewer] = await Promise.all([
    openPage(browser, url, 'bare.ts'),
    openPage(browser, url, 'bare.ts'),
  ])
  for (const page of [publisher, viewer]) {
    await page.evaluate(() => (globalThis as unknown as { bench: BarePage }).bench.load())
  }
  await publisher.evaluate(
    (encodings) => (globalThis as unknown as { bench: BarePage }).bench.publish(encodings),
    cameraEncodings,
  )
  return () =>
    viewer.evaluate(() => (globalThis as unknown as { bench: BarePage }).bench.timeJoin())
}

/** The bare page's server: join is one request, connect another that nobody waits for. */
async function serveBare(bare: Bare): Promise<{ url: string; close(): void }> {
  const transports = new Map<string, types.WebRtcTransport>()
  let producer: types.Producer | undefined
  let consumer: types.Consumer | undefined

  async function open() {
    const transport = await bare.open()
    transports.set(transport.id, transport)
    return transport
  }
  const find = (id: string) => {
    const transport = transports.get(id)
    if (!transport) throw new Error('no such transport')
    return transport
  }
  // The page is our own: what it posts is not checked.
  const handlers: Record<string, (body: never) => Promise<unknown>> = {
    '/capabilities': async () => ({ routerRtpCapabilities: bare.router.rtpCapabilities }),
    '/transport': async () => transportOptions(await open()),
    '/connect': async (body: { transportId: string; dtlsParameters: types.DtlsParameters }) => {
      await find(body.transportId).connect(body)
      if (consumer?.paused && body.transportId !== undefined) await consumer.resume()
      return {}
    },
    '/produce': async (body: { transportId: string } & types.ProducerOptions) => {
      producer = await find(body.transportId).produce(body)
      return { id: producer.id }
    },
    '/join': async (body: { rtpCapabilities: types.RtpCapabilities }) => {
      const transport = await open()
      if (!producer) throw new Error('nobody publishes')
      consumer = await transport.consume({ ...body, producerId: producer.id, paused: true })
      const { id, producerId, kind, rtpParameters } = consumer
      return {
        transport: transportOptions(transport),
        consumer: { id, producerId, kind, rtpParameters },
      }
    },
    '/leave': async (body: { transportId: string }) => {
      find(body.transportId).close()
      transports.delete(body.transportId)
      return {}
    },
  }

  const server = createServer(async (request, response) => {
    const handler = handlers[request.url ?? '']
    if (!handler) {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>bare</title>')
      return
    }
    const answer = await handler((await readJson(request)) as never)
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const part of request) text += part
  return JSON.parse(text)
}
