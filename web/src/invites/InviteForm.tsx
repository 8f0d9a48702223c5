import type { CreateInviteBody } from '@beseda/protocol/invites'
import { createSignal } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Button } from '../ui/Button.tsx'
import { Segmented } from '../ui/Segmented.tsx'

/** Seconds that a link can be made to last; 0 for ever. */
const spans = { hour: 3600, day: 86_400, week: 604_800, always: 0 } as const
type Span = keyof typeof spans
const spanNames: Span[] = ['hour', 'day', 'week', 'always']

const counts = ['1', '10', '100', 'any'] as const
type Count = (typeof counts)[number]

/** How long a new link lasts and for how many people it is. */
export function InviteForm(props: { onCreate: (body: CreateInviteBody) => Promise<unknown> }) {
  const { t } = useI18n()
  const [span, setSpan] = createSignal<Span>('week')
  const [count, setCount] = createSignal<Count>('any')
  const [busy, setBusy] = createSignal(false)
  const create = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy()) return
    setBusy(true)
    const seconds = spans[span()]
    const uses = Number(count())
    await props.onCreate({
      ...(seconds > 0 && { expiresInSeconds: seconds }),
      ...(uses > 0 && { maxUses: uses }),
    })
    setBusy(false)
  }
  return (
    <form class="invite-form" onSubmit={create}>
      <p class="invite-form__label" aria-hidden="true">
        {t().invites.lasts}
      </p>
      <Segmented
        label={t().invites.lasts}
        value={span()}
        segments={spanNames.map((value) => ({ value, label: t().invites[value] }))}
        onChange={setSpan}
      />
      <p class="invite-form__label" aria-hidden="true">
        {t().invites.uses}
      </p>
      <Segmented
        label={t().invites.uses}
        value={count()}
        segments={counts.map((value) => ({
          value,
          label: value === 'any' ? t().invites.any : value,
        }))}
        onChange={setCount}
      />
      <Button type="submit" look="primary" wide busy={busy()}>
        {t().invites.create}
      </Button>
    </form>
  )
}
