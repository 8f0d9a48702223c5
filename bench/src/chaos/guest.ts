import { openBrowser, openPage } from '../browser.ts'
import type { BesedaPage, Heard } from '../pages/beseda.ts'

/** Somebody at a real Chromium, with its fake microphone. */
export type Guest = Awaited<ReturnType<typeof openGuest>>

type InPage = { bench: BesedaPage }

/** Open a browser and sign somebody up in it. */
export async function openGuest(url: string) {
  const browser = await openBrowser()
  const page = await openPage(browser, `${url}/healthz`, 'beseda.ts')
  const id = await page.evaluate(() => (globalThis as unknown as InPage).bench.signUp('guest'))
  return {
    id,
    join: (callId: string) =>
      page.evaluate((call) => (globalThis as unknown as InPage).bench.attend(call), callId),
    heard: () => page.evaluate(() => (globalThis as unknown as InPage).bench.heard()),
    close: () => browser.close(),
  }
}

/** Whether all of these are heard on other tracks than before. */
export function hearsAnew(ids: string[], before: Heard, now: Heard): boolean {
  return ids.every((id) => {
    const one = now[id]
    return one !== undefined && one.packets > 0 && one.track !== before[id]?.track
  })
}
