import '../invites/InviteModal.css'
import type { Registration, ServerInvite } from '@beseda/protocol/administration'
import type { CreateInviteBody } from '@beseda/protocol/invites'
import Copy from 'lucide-solid/icons/copy'
import Trash from 'lucide-solid/icons/trash'
import { createResource, createSignal, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { InviteForm } from '../invites/InviteForm.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { useFeedback } from '../shell/feedback.ts'
import { Loaded } from '../shell/Loaded.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import { Segmented } from '../ui/Segmented.tsx'

const modes: Registration[] = ['open', 'invite', 'closed']

/** Who may sign up, and the invitations to the server. */
export function RegistrationPart() {
  const { t } = useI18n()
  const { rest } = useClient()
  const attempt = useAttempt()
  const [rules, { refetch, mutate }] = createResource(() => rest.admin.rules())
  const change = (registration: Registration) =>
    attempt(async () => mutate(await rest.admin.updateRules({ registration })))
  return (
    <div class="admin__part">
      <section class="admin__section">
        <h3>{t().administration.registration.title}</h3>
        <Loaded resource={rules} onRetry={() => void refetch()}>
          {(known) => (
            <>
              <Segmented
                label={t().administration.registration.title}
                value={known().registration}
                segments={modes.map((value) => ({
                  value,
                  label: t().administration.registration[value],
                }))}
                onChange={change}
              />
              <p class="admin__hint">
                {t().administration.registration.notes[known().registration]}
              </p>
            </>
          )}
        </Loaded>
      </section>
      <ServerInvites />
    </div>
  )
}

function ServerInvites() {
  const { t, times } = useI18n()
  const { rest } = useClient()
  const attempt = useAttempt()
  const feedback = useFeedback()
  const [revoking, setRevoking] = createSignal<ServerInvite | null>(null)
  const [invites, { refetch, mutate }] = createResource(
    async () => (await rest.admin.invites()).items,
  )
  const create = (body: CreateInviteBody) =>
    attempt(async () => {
      const made = await rest.admin.createInvite(body)
      mutate((before) => [made, ...(before ?? [])])
    })
  const revoke = ({ code }: ServerInvite) =>
    attempt(async () => {
      await rest.admin.revokeInvite(code)
      mutate((before) => before?.filter((one) => one.code !== code))
    })
  const linkOf = ({ code }: ServerInvite) => `${location.origin}/join/${code}`
  const copy = async (invite: ServerInvite) => {
    try {
      await navigator.clipboard.writeText(linkOf(invite))
      feedback.done(t().administration.copied)
    } catch {
      feedback.problem(t().administration.notCopied)
    }
  }
  const terms = ({ uses, maxUses, expiresAt, createdBy }: ServerInvite) =>
    [
      maxUses === null ? t().invites.used(uses) : t().invites.usedOf(uses, maxUses),
      expiresAt ? t().invites.until(times().moment(expiresAt)) : t().invites.forever,
      createdBy,
    ].join(' · ')

  return (
    <section class="admin__section" aria-label={t().administration.registration.invites}>
      <h3>{t().administration.registration.invites}</h3>
      <InviteForm onCreate={create} />
      <Loaded resource={invites} onRetry={() => void refetch()}>
        {(known) => (
          <Show when={known().length > 0} fallback={<p class="admin__note">{t().invites.none}</p>}>
            <ul class="admin__list">
              <Keyed each={known()} by={(invite) => invite.code}>
                {(invite) => (
                  <li class="admin__row">
                    <span class="admin__text">
                      <strong>{linkOf(invite())}</strong>
                      <span>{terms(invite())}</span>
                    </span>
                    <IconButton label={t().administration.copy} onClick={() => void copy(invite())}>
                      <Copy aria-hidden="true" />
                    </IconButton>
                    <IconButton label={t().invites.revoke} onClick={() => setRevoking(invite())}>
                      <Trash aria-hidden="true" />
                    </IconButton>
                  </li>
                )}
              </Keyed>
            </ul>
          </Show>
        )}
      </Loaded>
      <Show when={revoking()}>
        {(invite) => (
          <Confirm
            danger
            title={t().invites.revokeTitle}
            text={t().invites.revokeText}
            action={t().invites.revoke}
            onConfirm={() => revoke(invite())}
            onClose={() => setRevoking(null)}
          />
        )}
      </Show>
    </section>
  )
}
