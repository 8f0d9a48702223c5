import { perform } from './crew.ts'
import { makeFullEngine } from './engines/full.ts'
import { makeLightEngine } from './engines/light.ts'
import { RunError } from './failure.ts'
import { makeMailbox } from './mailbox.ts'
import { type Order, orderSchema, type Report } from './messages.ts'

/** A process of bots: does what the one that started it says, and ends with it. */

/** How long leaving may take when nobody waits for it any more. */
const leaveMs = 3_000

const orders = makeMailbox<Order>()
const stop = new AbortController()
const gone = new Promise<void>((resolve) => process.once('disconnect', resolve))

process.on('message', (value) => {
  const order = orderSchema.parse(value)
  if (order.type === 'stop') stop.abort()
  else orders.put(order)
})
// Ctrl-C reaches all processes of a terminal; when to stop says the one that started this.
process.on('SIGINT', () => {})
process.once('disconnect', () => {
  stop.abort()
  orders.close(new RunError('Nobody listens any more.'))
  setTimeout(() => process.exit(), leaveMs)
})

const tell = (report: Report) => {
  // Whoever listened may just have gone.
  if (process.connected) process.send?.(report, () => {})
}

try {
  const begin = await orders.take('enter')
  const engine = begin.scenario.engine === 'full' ? await makeFullEngine() : makeLightEngine()
  await perform({ begin, engine, orders, tell, signal: stop.signal, gone })
} catch (error) {
  if (!(error instanceof RunError)) throw error
  tell({ type: 'impossible', message: error.message })
  await gone
}
process.exit()
