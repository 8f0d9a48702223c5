import { createHmac, randomUUID } from 'node:crypto'
import type { CallClaims } from '@beseda/protocol/call-token'
import { redisKeys } from '@beseda/protocol/redis'
import type { Sfu } from '../build.ts'
import { callTokenSecret } from './node.ts'

export type TestCall = { callId: string; chatId: string; epoch: number }

/** A call as the server would have put it into Redis. */
export async function putCall(
  sfu: Pick<Sfu, 'redis'> & { node: string },
  fields: Record<string, string> = {},
): Promise<TestCall> {
  const call = { callId: randomUUID(), chatId: randomUUID(), epoch: 1 }
  await sfu.redis.hset(redisKeys.call(call.callId), {
    chatId: call.chatId,
    initiatorId: randomUUID(),
    type: 'video',
    status: 'active',
    createdAt: String(Date.now()),
    node: sfu.node,
    epoch: String(call.epoch),
    ...fields,
  })
  return call
}

/** A call token as the server would have signed it. */
export function signToken(
  sfu: { node: string },
  call: TestCall,
  claims: Partial<CallClaims> = {},
  secret = callTokenSecret,
): string {
  const now = Math.floor(Date.now() / 1000)
  return sign(
    {
      aud: 'sfu',
      sub: randomUUID(),
      ...call,
      node: sfu.node,
      displayName: 'Somebody',
      avatarId: null,
      publish: ['microphone', 'camera', 'screen', 'screenAudio'],
      maxPeers: 100,
      iat: now,
      exp: now + 60,
      ...claims,
    },
    secret,
  )
}

/** A JSON Web Token, HS256 unless the header says otherwise. */
export function sign(payload: object, secret: string, header: object = { alg: 'HS256' }): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const content = `${encode({ typ: 'JWT', ...header })}.${encode(payload)}`
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`
}
