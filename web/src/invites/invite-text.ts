import { RequestError } from '@beseda/client/rest'
import type { Invite, InvitePreview } from '@beseda/protocol/invites'
import type { Dictionary } from '../i18n/ru.ts'
import type { Times } from '../i18n/times.ts'
import { errorText } from '../shell/error-text.ts'

/** The link that a code stands for. */
export const inviteLink = (origin: string, code: string) => `${origin}/invite/${code}`

/** The address of the picture of the chat that an invitation leads to; null when it has none. */
export const invitePictureUrl = ({ code, chat }: InvitePreview) =>
  chat.avatarId && `/api/invites/${code}/picture?v=${chat.avatarId}`

/** How far an invitation is used and how long it lasts. */
export function inviteTerms(t: Dictionary, times: Times, invite: Invite): string {
  const uses =
    invite.maxUses === null
      ? t.invites.used(invite.uses)
      : t.invites.usedOf(invite.uses, invite.maxUses)
  const end = invite.expiresAt ? t.invites.until(times.moment(invite.expiresAt)) : t.invites.forever
  return `${uses} · ${end}`
}

/** Why an invitation could not be opened; a code of a wrong shape is one that nobody made. */
export function inviteErrorText(t: Dictionary, error: unknown): string {
  const isUnknown =
    error instanceof RequestError && ['NOT_FOUND', 'VALIDATION'].includes(error.code)
  return isUnknown ? t.invites.unknown : errorText(t, error)
}
