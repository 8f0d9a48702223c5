import { allow } from '../chats/membership.ts'
import { refuse } from '../errors.ts'
import type { Bus } from '../events/bus.ts'
import type { CallControl } from './control.ts'
import { type FindDeps, findCall } from './find.ts'

export type ExitDeps = FindDeps & { bus: Bus; control: CallControl }

/**
 * Do not answer. It ends a personal call that still rings, and a group's when all others have
 * declined; of a group's call the chat is told.
 *
 * @throws Refusal NOT_FOUND, CALL_ENDED
 */
export async function declineCall(deps: ExitDeps, callId: string, userId: string): Promise<void> {
  const { chat, state } = await findRunning(deps, callId, userId)
  const { chatId } = state
  if (chat.type === 'personal' && state.status === 'ringing') {
    const reason = userId === state.initiatorId ? 'cancelled' : 'declined'
    return deps.control.end(state, reason, { status: 'ringing' })
  }
  const declined = await deps.states.decline(state, userId)
  deps.bus.publish({ chatId }, { type: 'call.declined', callId, chatId, userId })
  if (state.status === 'ringing' && declined >= chat.memberCount - 1) {
    await deps.control.end(state, 'declined', { status: 'ringing' })
  }
}

/** @throws Refusal NOT_FOUND, FORBIDDEN, CALL_ENDED */
export async function endCall(deps: ExitDeps, callId: string, userId: string): Promise<void> {
  const { membership, state } = await findRunning(deps, callId, userId)
  allow(membership, { do: 'endCall', startedByActor: state.initiatorId === userId })
  await deps.control.end(state, state.status === 'ringing' ? 'cancelled' : 'ended')
}

/** @throws Refusal NOT_FOUND, CALL_ENDED */
export async function findRunning(deps: ExitDeps, callId: string, userId: string) {
  const { actor, call } = await findCall(deps, callId, userId)
  if (!call || call.state.status === 'ended') {
    throw refuse('CALL_ENDED', 'The call has ended.')
  }
  return { membership: actor, chat: actor.chat, state: call.state }
}
