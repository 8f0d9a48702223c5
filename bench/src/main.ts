import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { measureDelivery } from './delivery.ts'
import { measureFanout } from './fanout.ts'
import { measureFeedback } from './feedback.ts'
import { measureFirstFrame } from './first-frame.ts'
import { measureForwarding } from './forwarding.ts'
import { measureGrowth } from './growth.ts'
import { measureIdle } from './idle.ts'
import { measureLoss } from './loss.ts'
import { measureMessages } from './messages.ts'
import { format, type Row } from './numbers.ts'
import { measureQuality } from './quality.ts'

/** Every benchmark: a name for the command line, and what it measures. */
const benchmarks: Record<string, () => Promise<Row[]>> = {
  'first-frame': measureFirstFrame,
  forwarding: measureForwarding,
  growth: measureGrowth,
  feedback: measureFeedback,
  delivery: measureDelivery,
  fanout: measureFanout,
  idle: measureIdle,
  messages: measureMessages,
  loss: measureLoss,
  quality: measureQuality,
}

/** Run the named benchmarks, or all; print a table each and write all figures as JSON. */
async function main(names: string[]) {
  const unknown = names.filter((name) => !(name in benchmarks))
  if (unknown.length > 0) {
    console.error(
      `No benchmark is called ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`,
    )
    process.exitCode = 1
    return
  }
  const results: Record<string, Row[]> = {}
  for (const [name, measure] of Object.entries(benchmarks)) {
    if (names.length > 0 && !names.includes(name)) continue
    console.log(`\n${name}`)
    const rows = await measure()
    results[name] = rows
    const width = Math.max(...rows.map(({ what }) => what.length))
    for (const row of rows) {
      const goal =
        row.goal === undefined
          ? ''
          : `  goal ≤ ${row.goal}${row.value <= row.goal ? '' : '  MISSED'}`
      console.log(`  ${row.what.padEnd(width)}  ${format(row).padStart(10)}${goal}`)
    }
  }
  const folder = join(import.meta.dirname, '..', 'results')
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'latest.json')
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version }
  await writeFile(
    file,
    `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`,
  )
  console.log('\nThe figures are in bench/results/latest.json.')
}

await main(process.argv.slice(2))
