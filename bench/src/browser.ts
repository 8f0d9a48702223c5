import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'

/** Chromium with a fake camera and microphone. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
    ],
  })
}

/** A page of its own profile with one of the scripts of `pages/` in it. */
export async function openPage(browser: Browser, url: string, file: string): Promise<Page> {
  const script = await bundle(file)
  const context = await browser.newContext({ bypassCSP: true })
  const page = await context.newPage()
  await page.goto(url)
  await page.addScriptTag({ content: script, type: 'module' })
  await page.waitForFunction(() => 'bench' in globalThis)
  return page
}

/** One of the pages' scripts, whole. */
async function bundle(file: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'esnext',
      rolldownOptions: {
        input: join(import.meta.dirname, 'pages', file),
        output: { codeSplitting: false },
      },
    },
  })
  const output = Array.isArray(result) ? result[0]?.output : 'output' in result ? result.output : []
  const chunk = output?.find((part) => part.type === 'chunk')
  if (chunk?.type !== 'chunk') throw new Error(`${file} did not build`)
  return chunk.code
}
