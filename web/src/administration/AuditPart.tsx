import type { AuditEntry } from '@beseda/protocol/administration'
import { For } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { createPaged } from '../shell/paged.ts'
import { PagedList } from './PagedList.tsx'

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
      <PagedList source={list} none={t().administration.audit.none}>
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
      </PagedList>
    </div>
  )
}
