import { limits } from '@beseda/protocol/limits'
import { createSignal, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { useFeedback } from '../shell/feedback.ts'
import { Button } from '../ui/Button.tsx'
import { TextField } from '../ui/TextField.tsx'

/** One's display name, saved once it is another. */
export function NameForm(props: { name: string; onSave: (name: string) => Promise<boolean> }) {
  const { t } = useI18n()
  const feedback = useFeedback()
  const [name, setName] = createSignal(props.name)
  const [busy, setBusy] = createSignal(false)
  const changed = () => name().trim() !== '' && name().trim() !== props.name
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!changed() || busy()) return
    setBusy(true)
    if (await props.onSave(name().trim())) feedback.done(t().profile.saved)
    setBusy(false)
  }
  return (
    <form class="menu-modal__name" onSubmit={save}>
      <TextField
        label={t().auth.displayName}
        value={name()}
        onInput={setName}
        maxLength={limits.displayNameMax}
      />
      <Show when={changed()}>
        <Button type="submit" look="primary" busy={busy()}>
          {t().profile.save}
        </Button>
      </Show>
    </form>
  )
}
