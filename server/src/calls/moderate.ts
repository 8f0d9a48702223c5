import type { UpdateCallPeerBody } from '@beseda/protocol/calls'
import { allow, loadMembership } from '../chats/membership.ts'
import { publishable } from './chat-changes.ts'
import { type ExitDeps, findRunning } from './exit.ts'

export type ModerateDeps = ExitDeps & { now: () => number }

/** Who does it, to whom, in which call. */
export type Moderation = { callId: string; actorId: string; userId: string }

/**
 * Mute somebody, or let them speak until the call ends.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN, CALL_ENDED
 */
export async function updatePeer(
  deps: ModerateDeps,
  moderation: Moderation,
  { muted, canSpeak }: UpdateCallPeerBody,
): Promise<void> {
  const { callId, actorId, userId } = moderation
  const { membership, target, state } = await findTarget(deps, moderation)
  if (muted) allow(membership, { do: 'mutePeer', target: target.member.role })
  if (canSpeak !== undefined) allow(membership, { do: 'allowToSpeak', target: target.member.role })
  const { control, states } = deps
  if (canSpeak !== undefined) {
    const at = deps.now()
    await states.grant(state, userId, canSpeak)
    const publish = publishable(target.member, target.chat, canSpeak)
    const lowerHand = canSpeak
    await control.command(state.node, { type: 'rights', callId, userId, publish, lowerHand, at })
  }
  if (!muted) return
  const sources = ['microphone' as const]
  await control.command(state.node, { type: 'mute', callId, userId, sources, byUserId: actorId })
}

/**
 * Put somebody out of the call. As a member they may come again.
 *
 * @throws Refusal NOT_FOUND, FORBIDDEN, CALL_ENDED
 */
export async function removePeer(deps: ModerateDeps, moderation: Moderation): Promise<void> {
  const { callId, userId } = moderation
  const { membership, target, state } = await findTarget(deps, moderation)
  allow(membership, { do: 'removePeer', target: target.member.role })
  const at = deps.now()
  await deps.control.command(state.node, { type: 'remove', callId, userId, reason: 'removed', at })
}

async function findTarget(deps: ModerateDeps, { callId, actorId, userId }: Moderation) {
  const { membership, state } = await findRunning(deps, callId, actorId)
  return { membership, state, target: await loadMembership(deps.db, state.chatId, userId) }
}
