import { installWebRtc } from '@beseda/client/testing/werift'
import { expect, test } from 'vitest'
import { type Blow, blows, type Scene } from './blows.ts'
import { countLeaks } from './leaks.ts'
import { untilTrue, withScene } from './scene.ts'

// How long it takes says nothing while other tests run: `npx pnpm chaos` measures that.
test('a call of four survives its worker, its SFU, the server and Redis, and leaves nothing', async () => {
  installWebRtc()
  const strikes = ['worker', 'sfu-alone', 'server', 'redis', 'sfu-of-two', 'drain'].map(
    (name) => [name, blows[name]?.strike] as const,
  )
  await withScene({}, async (scene) => {
    for (const [name, strike] of strikes) await survives(scene, name, strike)
    expect((await countLeaks(scene, 10)).value).toBe(0)
  })
}, 300_000)

/** @throws Error naming the blow that the call did not get over */
async function survives(scene: Scene, name: string, strike: Blow['strike'] | undefined) {
  try {
    expect(await strike?.(scene)).toBeDefined()
    await untilTrue(scene)
  } catch (cause) {
    throw new Error(`${name} was not survived`, { cause })
  }
}
