import { freeBlock } from '@beseda/launcher/ports'
import { startLossyRelay } from '@beseda/launcher/testing/lossy-relay'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useBeseda } from './app.ts'
import { perceive } from './media.ts'
import { openBrowser, openPersonalChat, ownId, type Person, signUp, tile } from './people.ts'

/** What Boris sends and receives goes through it. */
let network: Awaited<ReturnType<typeof startLossyRelay>>
const beseda = useBeseda(async () => {
  const port = await freeBlock(1, '127.0.0.1')
  network = await startLossyRelay(port)
  return {
    SFU_WORKERS: '1',
    SFU_RTC_PORT: String(port),
    SFU_ANNOUNCED_ADDRESS: '127.0.0.1',
  }
})
let browser: Browser
let anna: Person
let boris: Person

beforeAll(async () => {
  browser = await openBrowser()
  anna = await signUp(browser, beseda().url, 'Anna')
  boris = await signUp(browser, beseda().url, 'Boris')
  await boris.page.addInitScript(takeWay, network.port)
  for (const { page } of [anna, boris]) {
    await page.addInitScript(recordConnections)
    await page.reload()
    await page.getByRole('searchbox', { name: 'Find people' }).waitFor()
  }
})
afterAll(async () => {
  await browser?.close()
  network?.close()
})

/** Runs in the page: media goes to this port, whatever the SFU says of its own. */
function takeWay(port: number) {
  const redirect = (key: string, value: unknown) =>
    key === 'iceCandidates' && Array.isArray(value)
      ? value
          .filter(({ protocol }) => protocol === 'udp')
          .map((candidate) => ({ ...candidate, port }))
      : value
  globalThis.WebSocket = class extends WebSocket {
    override set onmessage(handle: (event: MessageEvent) => void) {
      super.onmessage = ({ data }) =>
        handle(new MessageEvent('message', { data: JSON.stringify(JSON.parse(data, redirect)) }))
    }
  }
}

/** Runs in the page: keeps every connection that is opened, for its statistics. */
function recordConnections() {
  const opened: RTCPeerConnection[] = []
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      opened.push(this)
    }
  }
  Object.assign(globalThis, { openedConnections: opened })
}

/** Frames that each layer of the own camera has sent so far. */
function framesSent({ page }: Person): Promise<Record<string, number>> {
  return page.evaluate(async () => {
    const { openedConnections } = globalThis as unknown as {
      openedConnections: RTCPeerConnection[]
    }
    const sent: Record<string, number> = {}
    for (const connection of openedConnections) {
      for (const report of (await connection.getStats()).values()) {
        if (report.type === 'outbound-rtp' && report.kind === 'video') {
          sent[report.rid] = report.framesSent
        }
      }
    }
    return sent
  })
}

/** The layers of which somebody sends frames now. */
async function layersSent(person: Person): Promise<string[]> {
  const before = await framesSent(person)
  await new Promise((done) => setTimeout(done, 1_000))
  const after = await framesSent(person)
  return Object.keys(after).filter((rid) => (after[rid] ?? 0) > (before[rid] ?? 0))
}

const window = ({ page }: Person) => page.getByRole('dialog', { name: /^Call/ })

test('a camera sends what the others look at, and comes back as soon as they look again', async () => {
  await openPersonalChat(anna, boris)
  await anna.page.getByRole('button', { name: 'Video call' }).click()
  await boris.page.getByRole('button', { name: 'Accept' }).click()
  await window(anna).locator('video').nth(1).waitFor()
  const borisId = await ownId(boris)
  await expect.poll(() => layersSent(boris), { timeout: 20_000 }).toContain('r1')

  // Nobody sees Boris while Anna reads a chat.
  await window(anna).getByRole('button', { name: 'Minimise' }).click()
  await expect.poll(() => layersSent(boris), { timeout: 20_000 }).toEqual([])
  await anna.page.getByRole('button', { name: 'Open call' }).click()
  await window(anna).locator('video').nth(1).waitFor()
  await expect.poll(() => layersSent(boris), { timeout: 20_000 }).not.toEqual([])
  expect((await perceive(anna.page, borisId, 3_000)).frames).toBeGreaterThan(10)

  // A small picture needs the small layer alone.
  await anna.page.setViewportSize({ width: 360, height: 640 })
  await expect.poll(() => layersSent(boris), { timeout: 20_000 }).toEqual(['r0'])
  expect((await perceive(anna.page, borisId, 3_000)).frames).toBeGreaterThan(10)
  await anna.page.setViewportSize({ width: 1440, height: 900 })
  await expect.poll(() => layersSent(boris), { timeout: 20_000 }).toContain('r1')
})

test('when what one of them sends gets lost, both are shown whose connection it is', async () => {
  const bars = (name: RegExp) => ({ name }) as const
  await tile(anna, /^Boris/)
    .getByRole('img', bars(/^Connection is good · loss 0\.0 %/))
    .waitFor()
  network.impair({ up: { loss: 0.2 } })
  await tile(anna, /^Boris/)
    .getByRole('img', bars(/their connection · loss [12]\d\./))
    .waitFor()
  await window(boris)
    .getByRole('img', bars(/your connection loses what you send/))
    .first()
    .waitFor()
  // Anna's own is not to blame.
  await window(anna)
    .locator('header')
    .getByRole('img', bars(/^Connection is good/))
    .waitFor()
})
