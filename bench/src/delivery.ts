import { v7 as uuid } from 'uuid'
import { signUp, until, withBeseda } from './beseda.ts'
import { percentile, type Row } from './numbers.ts'

const messages = 500
const warmUp = 50

/** REST send until the event is on another user's socket, one message at a time, database included. */
export function measureDelivery(): Promise<Row[]> {
  return withBeseda({}, async ({ url }) => {
    const anna = await signUp(url, 'anna')
    const boris = await signUp(url, 'boris')
    const chat = await anna.client.chats.openPersonal(boris.id)
    const conversation = boris.client.chats.conversation(chat.id)
    await conversation.load()
    let wanted = ''
    let arrivedAt = 0
    conversation.state.subscribe(({ messages: held }) => {
      if (held.at(-1)?.clientId === wanted) arrivedAt = performance.now()
    })

    const samples: number[] = []
    for (let round = 0; round < warmUp + messages; round++) {
      wanted = uuid()
      arrivedAt = 0
      const sentAt = performance.now()
      const answered = anna.client.rest.sendMessage(chat.id, {
        body: `№ ${round}`,
        clientId: wanted,
      })
      await until(() => arrivedAt > 0)
      await answered
      if (round >= warmUp) samples.push(arrivedAt - sentAt)
    }
    await Promise.all([anna.client.close(), boris.client.close()])
    return [
      { what: 'REST send → other socket, p50', value: percentile(samples, 0.5), unit: 'ms' },
      {
        what: 'REST send → other socket, p99',
        value: percentile(samples, 0.99),
        unit: 'ms',
        goal: 30,
      },
    ]
  })
}
