import './InviteModal.css'
import type { Chat } from '@beseda/protocol/chats'
import type { CreateInviteBody, Invite } from '@beseda/protocol/invites'
import { createResource, createSignal, Match, Show, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { errorText } from '../shell/error-text.ts'
import { useFeedback } from '../shell/feedback.ts'
import { RetryButton } from '../shell/RetryButton.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Keyed } from '../ui/Keyed.tsx'
import { Modal } from '../ui/Modal.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import { InviteCard } from './InviteCard.tsx'
import { InviteForm } from './InviteForm.tsx'

/** Links into a group: a new one, and those that work. */
export function InviteModal(props: { chat: Chat; onClose: () => void }) {
  const { t } = useI18n()
  const { rest } = useClient()
  const attempt = useAttempt()
  const feedback = useFeedback()
  const [expanded, setExpanded] = createSignal<string | null>(null)
  const [revoking, setRevoking] = createSignal<Invite | null>(null)
  const [invites, { refetch, mutate }] = createResource(
    // Whoever joined may have used a link.
    () => ({ chatId: props.chat.id, count: props.chat.memberCount }),
    async ({ chatId }) => (await rest.invites(chatId)).items,
  )
  const known = () => (invites.error ? undefined : invites.latest)

  const create = (body: CreateInviteBody) =>
    attempt(async () => {
      const made = await rest.createInvite(props.chat.id, body)
      mutate((before) => [made, ...(before ?? [])])
      setExpanded(made.code)
    })
  const revoke = async (invite: Invite) => {
    const done = await attempt(() => rest.revokeInvite(props.chat.id, invite.code))
    if (!done) return false
    mutate((before) => before?.filter((one) => one.code !== invite.code))
    feedback.done(t().invites.revoked)
    return true
  }

  return (
    <Modal
      open
      title={t().invites.title}
      description={t().invites.note}
      closeLabel={t().app.close}
      onClose={props.onClose}
    >
      <div class="invites">
        <InviteForm onCreate={create} />
        <section class="invites__list" aria-label={t().invites.list}>
          <h3>{t().invites.list}</h3>
          <Switch>
            <Match when={known()?.length}>
              <ul>
                <Keyed each={known() ?? []} by={(invite) => invite.code}>
                  {(invite) => (
                    <InviteCard
                      invite={invite()}
                      expanded={expanded() === invite().code}
                      onExpand={(open) => setExpanded(open ? invite().code : null)}
                      onRevoke={() => setRevoking(invite())}
                    />
                  )}
                </Keyed>
              </ul>
            </Match>
            <Match when={known()}>
              <p class="invites__note">{t().invites.none}</p>
            </Match>
            <Match when={invites.error}>
              <div role="alert">
                <p class="invites__note">
                  {t().invites.loadFailed} {errorText(t(), invites.error)}
                </p>
                <RetryButton error={invites.error} onRetry={() => void refetch()} />
              </div>
            </Match>
            <Match when={true}>
              <Skeleton height="44px" />
            </Match>
          </Switch>
        </section>
      </div>
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
    </Modal>
  )
}
