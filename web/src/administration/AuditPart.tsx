import type { AuditEntry } from '@beseda/protocol/administration'
import { For, Match, Show, Switch } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { errorText } from '../shell/error-text.ts'
import { Placeholders } from '../shell/Loaded.tsx'
import { createPaged } from '../shell/paged.ts'
import { RetryButton } from '../shell/RetryButton.tsx'
import { Button } from '../ui/Button.tsx'

/** What administrators did, the newest first. */
export function AuditPart() {
  const { t, times } = useI18n()
  const { rest } = useClient()
  const list = createPaged((cursor) => rest.admin.audit({ ...(cursor && { cursor }) }))
  list.reload()

  const words = (): Record<string, string> => t().administration.audit.actions
  const title = ({ action, target }: AuditEntry) =>
    [words()[action.replace('.', '_')] ?? action, target?.name].filter(Boolean).join(': ')
  const note = ({ at, actor, ip, details }: AuditEntry) => {
    const how = Object.entries(details)
      .map(([name, value]) => `${name} ${value === null ? '–' : value}`)
      .join(', ')
    const who = actor.id === null ? t().administration.audit.host : `@${actor.name}`
    return [times().moment(at), who, ip, how].filter(Boolean).join(' · ')
  }

  return (
    <div class="admin__part">
      <Switch fallback={<Placeholders />}>
        <Match when={list.state().items.length > 0}>
          <ul class="admin__list">
            <For each={list.state().items}>
              {(entry) => (
                <li class="admin__row">
                  <span class="admin__text">
                    <strong>{title(entry)}</strong>
                    <span>{note(entry)}</span>
                  </span>
                </li>
              )}
            </For>
          </ul>
          <Show when={list.state().cursor}>
            <Button busy={list.state().status === 'busy'} onClick={list.more}>
              {t().administration.more}
            </Button>
          </Show>
        </Match>
        <Match when={list.state().status === 'failed'}>
          <div class="admin__note" role="alert">
            <p>{errorText(t(), list.state().error)}</p>
            <RetryButton error={list.state().error} onRetry={list.reload} />
          </div>
        </Match>
        <Match when={list.state().status === 'done'}>
          <p class="admin__note">{t().administration.audit.none}</p>
        </Match>
      </Switch>
    </div>
  )
}
