import type { Status, UpdateMeBody } from '@beseda/protocol/users'
import { createMemo } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Segmented } from '../ui/Segmented.tsx'

type Shown = NonNullable<UpdateMeBody['status']>
const shown: Shown[] = ['online', 'away', 'dnd']

/** What others see of one while connected. */
export function StatusChoice(props: { status: Status; onChange: (status: Shown) => void }) {
  const { t } = useI18n()
  const segments = createMemo(() =>
    shown.map((value) => ({
      value,
      label: t().profile[value],
      mark: <span class="status-dot" data-status={value} />,
    })),
  )
  return (
    <Segmented
      label={t().profile.status}
      value={props.status === 'offline' ? 'online' : props.status}
      segments={segments()}
      onChange={props.onChange}
    />
  )
}
