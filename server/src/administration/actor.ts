import { type AdminAction, canAdminister, type ServerRole } from '@beseda/protocol/permissions'
import { refuse } from '../errors.ts'

/** Who administers: an account, or whoever is at the machine's command line. */
export type Actor = {
  role: ServerRole
  /** Null for the command line. */
  userId: string | null
  name: string
  /** The address that the request came from. */
  ip: string | null
}

/** @throws Refusal FORBIDDEN when the rules do not let this actor do that */
export function permit(actor: Actor, action: AdminAction): void {
  if (!canAdminister(actor.role, action)) {
    throw refuse('FORBIDDEN', 'You may not do this on this server.')
  }
}
