import { freePort } from '@beseda/launcher/ports'
import { type Impairment, startLossyRelay } from '@beseda/launcher/testing/lossy-relay'
import type { Browser } from 'playwright-core'
import { withBeseda } from './beseda.ts'
import { openBrowser, openPage } from './browser.ts'
import type { Row } from './numbers.ts'
import type { BesedaPage } from './pages/beseda.ts'

type InPage = { bench: BesedaPage }

/** The networks that a call must stand. */
const networks: Record<string, Impairment> = {
  'a good network': {},
  '5 % loss': { loss: 0.05 },
  '300 kbit/s': { bitrate: 300_000 },
}
/** Until the bandwidth has been found, in ms. */
const settleMs = 8_000
const watchMs = 30_000

/** What somebody behind a bad network hears and sees of a call of two, in Chromium. */
export function measureLoss(): Promise<Row[]> {
  return withMedia(async (url, rtcPort, browser) => {
    const rows: Row[] = []
    for (const [name, impairment] of Object.entries(networks)) {
      const relay = await startLossyRelay(rtcPort, impairment)
      try {
        const seen = await watchCall(browser, url, relay.port)
        rows.push(
          { what: `${name}: sound made up`, value: seen.concealed * 100, unit: '%', goal: 5 },
          { what: `${name}: longest freeze`, value: seen.longestFreezeMs, unit: 'ms', goal: 2_000 },
          { what: `${name}: frames`, value: seen.framesPerSecond, unit: '1/s' },
          { what: `${name}: received`, value: seen.bitrate / 1000, unit: 'kbit/s' },
        )
      } finally {
        relay.close()
      }
    }
    return rows
  })
}

async function withMedia<Result>(
  work: (url: string, rtcPort: number, browser: Browser) => Promise<Result>,
): Promise<Result> {
  const rtcPort = await freePort('127.0.0.1')
  const media = {
    SFU_RTC_PORT: String(rtcPort),
    SFU_WORKERS: '1',
    SFU_ANNOUNCED_ADDRESS: '127.0.0.1',
  }
  const browser = await openBrowser()
  try {
    return await withBeseda(media, ({ url }) => work(url, rtcPort, browser))
  } finally {
    await browser.close()
  }
}

/** One speaks on a good network, the other watches through the relay. */
async function watchCall(browser: Browser, url: string, relayPort: number) {
  const speaker = await openPage(browser, `${url}/healthz`, 'beseda.ts')
  const watcher = await openPage(browser, `${url}/healthz`, 'beseda.ts')
  try {
    const suffix = Math.random().toString(36).slice(2, 8)
    await speaker.evaluate(
      (name) => (globalThis as unknown as InPage).bench.signUp(name),
      `speaker_${suffix}`,
    )
    const watcherId = await watcher.evaluate(
      ({ name, port }) => (globalThis as unknown as InPage).bench.signUp(name, port),
      { name: `watcher_${suffix}`, port: relayPort },
    )
    const callId = await speaker.evaluate(async (id) => {
      const { bench } = globalThis as unknown as InPage
      const made = await bench.publish(id, 720)
      await bench.speak()
      return made
    }, watcherId)
    return await watcher.evaluate(
      ({ id, settle, watch }) =>
        (globalThis as unknown as InPage).bench.perceive(id, settle, watch),
      { id: callId, settle: settleMs, watch: watchMs },
    )
  } finally {
    await Promise.all([speaker.context().close(), watcher.context().close()])
  }
}
