import type { SystemEvent } from '@beseda/protocol/messages'
import type { Dictionary } from '../i18n/ru.ts'
import { formatDuration } from '../i18n/times.ts'

const namesShown = 3

function nameList(t: Dictionary, names: string[]): string {
  const shown = names.slice(0, namesShown).join(', ')
  return names.length > namesShown ? t.system.others(shown, names.length - namesShown) : shown
}

/** A system message in words. */
export function systemText(t: Dictionary, system: SystemEvent): string {
  const actor = system.actor.displayName
  switch (system.event) {
    case 'chat.created':
      return t.system.created(actor, system.name)
    case 'member.added':
      return t.system.added(
        actor,
        nameList(
          t,
          system.users.map((user) => user.displayName),
        ),
      )
    case 'member.joined':
      return t.system.joined(actor)
    case 'member.left':
      return t.system.left(actor)
    case 'member.removed':
      return t.system.removed(actor, system.user.displayName)
    case 'member.role':
      return system.role === 'admin'
        ? t.system.promoted(actor, system.user.displayName)
        : t.system.demoted(actor, system.user.displayName)
    case 'chat.owner':
      return t.system.handedOver(actor, system.user.displayName)
    case 'chat.renamed':
      return t.system.renamed(actor, system.name)
    case 'chat.described':
      return t.system.described(actor)
    case 'chat.pictured':
      return t.system.pictured(actor)
    case 'chat.speakers':
      if (system.onlyAdminsCanSpeak) return t.system.adminsSpeak(actor)
      return system.muteAll ? t.system.mutedAll(actor) : t.system.allSpeak(actor)
    case 'message.pinned':
      return t.system.pinned(actor)
    case 'call.started':
      return system.callType === 'video'
        ? t.system.videoStarted(actor)
        : t.system.audioStarted(actor)
    case 'call.ended':
      return callEndedText(t, system)
  }
}

function callEndedText(
  t: Dictionary,
  ended: Extract<SystemEvent, { event: 'call.ended' }>,
): string {
  const duration = formatDuration(ended.durationSeconds)
  switch (ended.outcome) {
    case 'ended':
      return ended.callType === 'video'
        ? t.system.videoEnded(duration)
        : t.system.audioEnded(duration)
    case 'missed':
      return t.system.missed
    case 'declined':
      return t.system.declined
    case 'failed':
      return t.system.callFailed
  }
}
