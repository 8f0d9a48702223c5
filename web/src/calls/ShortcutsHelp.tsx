import './ShortcutsHelp.css'
import { For, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { Modal } from '../ui/Modal.tsx'
import { useCalls } from './context.tsx'
import { keyName, shortcutList } from './keys.ts'

/** Which keys do what during a call. */
export default function ShortcutsHelp(props: { onClose: () => void }) {
  const { t } = useI18n()
  const calls = useCalls()
  return (
    <Modal
      open
      size="small"
      title={t().calls.keys.title}
      closeLabel={t().app.close}
      onClose={props.onClose}
    >
      <dl class="shortcuts">
        <Show when={calls.settings().pushToTalk}>
          <Row label={t().calls.keys.talk} keys={[keyName(t(), calls.settings().talkKey)]} />
        </Show>
        <For each={shortcutList(t())}>
          {({ deed, keys }) => <Row label={t().calls.keys.deeds[deed]} keys={keys} />}
        </For>
        <Row label={t().calls.minimise} keys={['Esc']} />
      </dl>
      <Show when={!calls.settings().letterKeys}>
        <p class="shortcuts__note">{t().calls.keys.lettersOff}</p>
      </Show>
    </Modal>
  )
}

function Row(props: { label: string; keys: string[] }) {
  return (
    <div class="shortcuts__row">
      <dt>{props.label}</dt>
      <dd>
        <For each={props.keys}>{(key) => <kbd>{key}</kbd>}</For>
      </dd>
    </div>
  )
}
