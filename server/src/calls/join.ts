import { createHmac } from 'node:crypto'
import { type CallClaims, callTokenSeconds, type ProbeClaims } from '@beseda/protocol/call-token'
import type { Join } from '@beseda/protocol/calls'
import type { Actor, ChatRules } from '@beseda/protocol/permissions'
import type { SfuNode } from '@beseda/protocol/redis'
import { publishable } from './chat-changes.ts'
import { type IceSettings, iceServersFor } from './ice.ts'
import type { CallState } from './snapshot.ts'

/** Who goes into a call, and what the chat lets them do there. */
export type Joiner = {
  user: { id: string; displayName: string; avatarId: string | null }
  actor: Actor
  chat: ChatRules & { maxMembers: number }
  /** Was allowed to speak for the length of the call. */
  granted: boolean
}

export type JoinSettings = IceSettings & { CALL_TOKEN_SECRET: string }

/**
 * Everything that a client needs to knock at the SFU.
 *
 * @param origin where the client finds this server, such as `https://beseda.example`
 * @param now when the user was let in, in ms
 */
export function makeJoin(
  { user, actor, chat, granted }: Joiner,
  call: CallState,
  node: SfuNode,
  settings: JoinSettings,
  origin: string,
  now: number,
): Join {
  const issuedAt = now / 1000
  const claims: CallClaims = {
    aud: 'sfu',
    sub: user.id,
    callId: call.id,
    chatId: call.chatId,
    node: call.node,
    epoch: call.epoch,
    displayName: user.displayName,
    avatarId: user.avatarId,
    publish: publishable(actor, chat, granted),
    maxPeers: chat.maxMembers,
    iat: issuedAt,
    exp: Math.floor(issuedAt) + callTokenSeconds,
  }
  return {
    url: signallingUrl(node, origin),
    token: signClaims(claims, settings.CALL_TOKEN_SECRET),
    iceServers: iceServersFor(user.id, settings, now),
    rtpCapabilities: node.rtpCapabilities,
  }
}

/** A JSON Web Token (RFC 7519) over HMAC-SHA256. */
export function signClaims(claims: CallClaims | ProbeClaims, secret: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

/** The node's own public address, or the server's host name with the node's port. */
export function signallingUrl(node: Pick<SfuNode, 'publicUrl' | 'port'>, origin: string): string {
  const url = new URL(node.publicUrl ?? origin)
  if (node.publicUrl === null) {
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    url.port = String(node.port)
  }
  url.pathname = `${url.pathname.replace(/\/$/, '')}/signalling`
  return url.href
}
