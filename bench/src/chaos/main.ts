import { loadavg } from 'node:os'
import { installWebRtc } from '@beseda/client/testing/werift'
import { type Blow, blows, leaks, type Scene } from './blows.ts'
import { untilTrue, withScene } from './scene.ts'

/**
 * `npx pnpm chaos [--browser] [name…]`: strike a running call of four people and tell how long it takes to heal.
 * With `--browser` a page in Chromium is a fifth, and has to hear and be heard again as well.
 * `CHAOS_REDIS_URL` and `CHAOS_DATABASE_URL` name a Redis and a PostgreSQL that may be emptied and
 * taken away; without the latter its row is left out.
 */
async function main(args: string[]) {
  const browser = args.includes('--browser')
  const names = args.filter((one) => one !== '--browser')
  const all = { ...blows, leaks }
  const unknown = names.filter((name) => !(name in all))
  if (unknown.length > 0) {
    const known = Object.keys(all).join(', ')
    console.error(`No blow is called ${unknown.join(', ')}; there are ${known}.`)
    process.exitCode = 1
    return
  }
  installWebRtc()
  const { CHAOS_REDIS_URL: redisUrl, CHAOS_DATABASE_URL: databaseUrl } = process.env
  await withScene({ redisUrl, databaseUrl, browser }, async (scene) => {
    console.log(
      `A call of four${browser ? ' and a page in Chromium' : ''}; load average ${loadavg()[0]?.toFixed(1)}.`,
    )
    for (const [name, blow] of Object.entries(all)) {
      if (names.length === 0 || names.includes(name)) await show(scene, blow)
    }
  })
}

async function show(scene: Scene, blow: Blow) {
  const { what, goal, unit, strike } = blow
  const outcome = await strike(scene)
  if (!outcome) return console.log(`  left out: ${what}`)
  if (blow !== leaks) await untilTrue(scene)
  const missed = outcome.value > goal
  if (missed) process.exitCode = 1
  const value = `${Math.round(outcome.value)} ${unit}`.padStart(9)
  const note = outcome.note ? ` (${outcome.note})` : ''
  console.log(`  ${value}  goal ${goal} ${unit}${missed ? '  MISSED' : ''}  ${what}${note}`)
}

await main(process.argv.slice(2))
process.exit()
