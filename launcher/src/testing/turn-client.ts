import { openSession } from '../doctor/relay.ts'
import { families, type TurnLogin } from '../doctor/stun.ts'
import { openDatagrams } from '../doctor/wire.ts'

export type { TurnLogin }

/** What the relay answered: 0 for success, else the code of its error. */
export type TurnAnswer = number

/** Open a socket of one's own towards the relay. */
export function openTurnClient(host: string, port: number, login?: TurnLogin) {
  const wire = openDatagrams({ host, port })
  const session = openSession(wire, login, 15_000)

  async function answered(asking: Promise<number | undefined>): Promise<TurnAnswer> {
    const answer = await asking
    if (answer === undefined) throw new Error('the relay did not answer')
    return answer
  }

  return {
    /** Ask for a relayed port, of IPv6 if wanted. */
    allocate: (family: keyof typeof families = 'ipv4') =>
      answered(session.allocate(families[family])),
    /** Ask to reach a peer. */
    permit: (address: string) => answered(session.permit(address)),
    close: wire.close,
  }
}
