import type { CallState } from '@beseda/client/calls/state'
import { type Accessor, createEffect, createMemo, on } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useFeedback } from '../shell/feedback.ts'

/** Say it when a moderator mutes this user, or lets them speak, or no longer. */
export function tellOfModeration(state: Accessor<CallState>): void {
  const { t } = useI18n()
  const feedback = useFeedback()
  const mutedBy = createMemo(() => state().self.tracks.microphone?.mutedBy)
  const maySpeak = createMemo(() => state().self.publish?.includes('microphone') ?? null)
  createEffect(
    on(mutedBy, (userId) => {
      if (userId === undefined) return
      const who = state().peers.find((peer) => peer.userId === userId)
      feedback.problem(who ? t().calls.mutedBy(who.displayName) : t().calls.mutedUnseen)
    }),
  )
  createEffect(
    on(maySpeak, (may, before) => {
      if (may === null || before === undefined || before === null || may === before) return
      if (may) feedback.done(t().calls.maySpeak)
      else feedback.problem(t().calls.mayNotSpeak)
    }),
  )
}
