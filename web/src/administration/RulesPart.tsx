import type { ServerRules, UpdateServerRulesBody } from '@beseda/protocol/administration'
import { limits } from '@beseda/protocol/limits'
import { type AccountRole, canAdminister } from '@beseda/protocol/permissions'
import { createResource, createSignal, For, Show } from 'solid-js'
import { createStore } from 'solid-js/store'
import { useI18n } from '../i18n/i18n.tsx'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { useFeedback } from '../shell/feedback.ts'
import { Loaded } from '../shell/Loaded.tsx'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { TextField } from '../ui/TextField.tsx'
import { readNumber } from './numbers.ts'

const keeping = ['messageDays', 'fileDays', 'callDays'] as const
const sizes = ['groupMembers', 'channelMembers', 'fileMegabytes', 'callStartsPerMinute'] as const

type Field = (typeof keeping | typeof sizes)[number]

const bounds: Record<Field, [min: number, max: number]> = {
  messageDays: [1, 36_500],
  fileDays: [1, 36_500],
  callDays: [1, 36_500],
  groupMembers: [2, limits.channelMembersMax],
  channelMembers: [2, limits.channelMembersMax],
  fileMegabytes: [1, 2000],
  callStartsPerMinute: [1, 1000],
}

type Entry = Record<Field, string>

/** How long things are kept and how large they may be; the owner's to decide. */
export function RulesPart(props: { role: AccountRole }) {
  const { rest } = useClient()
  const [rules, { refetch, mutate }] = createResource(() => rest.admin.rules())
  return (
    <Loaded resource={rules} onRetry={() => void refetch()}>
      {(known) => <RulesForm rules={known()} role={props.role} onChanged={mutate} />}
    </Loaded>
  )
}

function RulesForm(props: {
  rules: ServerRules
  role: AccountRole
  onChanged: (rules: ServerRules) => void
}) {
  const { t } = useI18n()
  const { rest } = useClient()
  const attempt = useAttempt()
  const feedback = useFeedback()
  const [entry, setEntry] = createStore<Entry>(entryOf(props.rules))
  const [asking, setAsking] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const may = () => canAdminister(props.role, { do: 'changeRetention' })

  const numberOf = (field: Field) => readNumber(entry[field], ...bounds[field])
  const errorOf = (field: Field) => {
    const value = numberOf(field)
    const isSize = (sizes as readonly string[]).includes(field)
    const wrong = value === undefined || (isSize && value === null)
    return wrong ? t().administration.rules.outOf(...bounds[field]) : undefined
  }
  const wrong = () => [...keeping, ...sizes].some((field) => errorOf(field) !== undefined)
  /** Something is to be deleted sooner than before: that can't be undone. */
  const deletes = () =>
    keeping.some((field) => {
      const [before, after] = [props.rules.retention[field], numberOf(field)]
      return typeof after === 'number' && (before === null || after < before)
    })

  const save = async () => {
    setBusy(true)
    const done = await attempt(async () => {
      const rules = await rest.admin.updateRules(bodyOf(numberOf))
      props.onChanged(rules)
      setEntry(entryOf(rules))
      feedback.done(t().profile.saved)
    })
    setBusy(false)
    return done
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (wrong() || busy()) return
    if (deletes()) setAsking(true)
    else void save()
  }

  const Numbers = (part: { fields: readonly Field[] }) => (
    <div class="admin__numbers">
      <For each={part.fields}>
        {(field) => (
          <TextField
            label={t().administration.rules[field]}
            name={field}
            autocomplete="off"
            autocapitalize="none"
            placeholder={part.fields === keeping ? t().administration.rules.forEver : undefined}
            value={entry[field]}
            onInput={(value) => setEntry(field, value)}
            error={errorOf(field)}
            disabled={!may()}
          />
        )}
      </For>
    </div>
  )

  return (
    <form class="admin__part" onSubmit={submit} novalidate>
      <section class="admin__section">
        <h3>{t().administration.rules.keeping}</h3>
        <p class="admin__hint">{t().administration.rules.keepingText}</p>
        <Numbers fields={keeping} />
      </section>
      <section class="admin__section">
        <h3>{t().administration.rules.sizes}</h3>
        <Numbers fields={sizes} />
      </section>
      <Show when={may()} fallback={<p class="admin__note">{t().administration.rules.ownerOnly}</p>}>
        <div class="admin__actions">
          <Button type="submit" look="primary" busy={busy()} disabled={wrong()}>
            {t().profile.save}
          </Button>
        </div>
      </Show>
      <Show when={asking()}>
        <Confirm
          danger
          title={t().administration.rules.deleteTitle}
          text={t().administration.rules.deleteText}
          action={t().profile.save}
          onConfirm={save}
          onClose={() => setAsking(false)}
        />
      </Show>
    </form>
  )
}

function entryOf({ retention, limits: set }: ServerRules): Entry {
  const text = (value: number | null) => (value === null ? '' : String(value))
  return {
    ...{ messageDays: text(retention.messageDays), fileDays: text(retention.fileDays) },
    ...{ callDays: text(retention.callDays), groupMembers: text(set.groupMembers) },
    ...{ channelMembers: text(set.channelMembers), fileMegabytes: text(set.fileMegabytes) },
    callStartsPerMinute: text(set.callStartsPerMinute),
  }
}

function bodyOf(numberOf: (field: Field) => number | null | undefined): UpdateServerRulesBody {
  return {
    retention: Object.fromEntries(keeping.map((field) => [field, numberOf(field) ?? null])),
    limits: Object.fromEntries(sizes.map((field) => [field, numberOf(field) ?? undefined])),
  }
}
