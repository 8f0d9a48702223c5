import type { CallClaims } from '@beseda/protocol/call-token'
import type { Joined, Resumed } from '@beseda/protocol/signalling'
import type { VerifyCallToken } from '../call-token.ts'
import { Refusal } from '../refusal.ts'
import type { Link } from '../rooms/peer.ts'
import type { Room } from '../rooms/room.ts'
import type { CallOnNode, Rooms } from '../rooms/rooms.ts'
import { toMediasoupCapabilities } from '../rooms/rtp.ts'
import type { CallCopies, CallState } from '../state/call-copies.ts'
import { type EntryType, parseData, type Seat } from './requests.ts'

export type EntryDeps = {
  node: string
  rooms: Rooms
  verifyCallToken: VerifyCallToken
  copies: CallCopies
  /** Told how long each join took, in seconds. */
  onJoined: (seconds: number) => void
}

export type Entered = { seat: Seat; reply: Joined | Resumed }

/** Let a socket in by its call token, or back in by its resume key. */
export function enter(deps: EntryDeps, type: EntryType, data: unknown, link: Link) {
  return type === 'join' ? join(deps, data, link) : resume(deps, data, link)
}

async function join(deps: EntryDeps, data: unknown, link: Link): Promise<Entered> {
  const began = performance.now()
  const { token, rtpCapabilities } = parseData('join', data)
  const claims = deps.verifyCallToken(token)
  if (claims.node !== deps.node) throw new Refusal('WRONG_NODE', 'the token is for another node')
  const room = await deps.rooms.getOrOpen(await admittedCall(deps, claims))
  const capabilities = toMediasoupCapabilities(rtpCapabilities)
  const { peer, joined } = await room.join(claims, capabilities, link)
  deps.onJoined((performance.now() - began) / 1000)
  return { seat: { room, peer }, reply: joined }
}

async function resume(deps: EntryDeps, data: unknown, link: Link): Promise<Entered> {
  const { callId, resumeKey } = parseData('resume', data)
  const room = deps.rooms.get(callId)
  if (room === undefined) throw new Refusal('WRONG_NODE', 'no such peer is waiting here')
  const { peer, resumed } = await room.resume(resumeKey, link)
  return { seat: { room, peer }, reply: resumed }
}

/** The call that the token names, as Redis has it. */
async function admittedCall(deps: EntryDeps, claims: CallClaims): Promise<CallOnNode> {
  const { callId, chatId, epoch } = claims
  const room = deps.rooms.get(callId)
  const state = await callState(deps, claims, room)
  if (state === undefined || state.status === 'ended') {
    throw new Refusal('CALL_ENDED', 'the call is over')
  }
  if (state.epoch !== epoch) throw new Refusal('WRONG_NODE', 'the call has moved')
  return { callId, chatId, epoch, startedAt: state.createdAt }
}

/** While Redis is away, a room that is open says itself that its call is on. */
async function callState(
  { copies }: EntryDeps,
  { callId, epoch }: CallClaims,
  room: Room | undefined,
): Promise<CallState | undefined> {
  try {
    return await copies.read(callId)
  } catch (error) {
    if (room === undefined || room.options.epoch !== epoch) throw error
    return { status: 'active', epoch, createdAt: room.options.startedAt }
  }
}
