import './AdminWindow.css'
import type { AccountRole } from '@beseda/protocol/permissions'
import Clock from 'lucide-solid/icons/clock'
import DoorOpen from 'lucide-solid/icons/door-open'
import Phone from 'lucide-solid/icons/phone'
import ScrollText from 'lucide-solid/icons/scroll-text'
import Users from 'lucide-solid/icons/users'
import { createSignal, createUniqueId, For, Match, Switch } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { useI18n } from '../i18n/i18n.tsx'
import { Modal } from '../ui/Modal.tsx'
import { AuditPart } from './AuditPart.tsx'
import { LivePart } from './LivePart.tsx'
import { RegistrationPart } from './RegistrationPart.tsx'
import { RulesPart } from './RulesPart.tsx'
import { UsersPart } from './UsersPart.tsx'

const parts = ['users', 'registration', 'rules', 'live', 'audit'] as const
type Part = (typeof parts)[number]

const icons = { users: Users, registration: DoorOpen, rules: Clock, live: Phone, audit: ScrollText }

/** Everything that administers the server, part by part; arrow keys walk the tabs. */
export function AdminWindow(props: { role: AccountRole; onClose: () => void }) {
  const { t } = useI18n()
  const id = createUniqueId()
  const [part, setPart] = createSignal<Part>('users')
  let tabs: HTMLDivElement | undefined

  const walk = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = parts[(parts.indexOf(part()) + step + parts.length) % parts.length] ?? 'users'
    setPart(next)
    tabs?.querySelector<HTMLElement>(`[data-part="${next}"]`)?.focus()
  }

  return (
    <Modal
      open
      size="large"
      title={t().administration.title}
      closeLabel={t().app.close}
      onClose={props.onClose}
    >
      <div class="admin">
        <div
          class="admin__tabs"
          role="tablist"
          aria-label={t().administration.title}
          ref={tabs}
          onKeyDown={walk}
        >
          <For each={parts}>
            {(name) => (
              <button
                type="button"
                role="tab"
                class="admin__tab"
                id={`${id}-${name}`}
                data-part={name}
                aria-selected={part() === name}
                aria-controls={`${id}-panel`}
                tabIndex={part() === name ? 0 : -1}
                onClick={() => setPart(name)}
              >
                <Dynamic component={icons[name]} aria-hidden="true" />
                <span>{t().administration.parts[name]}</span>
              </button>
            )}
          </For>
        </div>
        <div
          class="admin__panel"
          role="tabpanel"
          id={`${id}-panel`}
          aria-labelledby={`${id}-${part()}`}
        >
          <Switch>
            <Match when={part() === 'users'}>
              <UsersPart role={props.role} />
            </Match>
            <Match when={part() === 'registration'}>
              <RegistrationPart />
            </Match>
            <Match when={part() === 'rules'}>
              <RulesPart role={props.role} />
            </Match>
            <Match when={part() === 'live'}>
              <LivePart />
            </Match>
            <Match when={part() === 'audit'}>
              <AuditPart />
            </Match>
          </Switch>
        </div>
      </div>
    </Modal>
  )
}
