import './DeviceList.css'
import type { Device } from '@beseda/protocol/auth'
import Monitor from 'lucide-solid/icons/monitor'
import Smartphone from 'lucide-solid/icons/smartphone'
import { createSignal, For, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { createNow } from '../i18n/now.ts'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { deviceName } from './device-name.ts'

/** Places where somebody is signed in, each with the way to end it; `onEnd` without an id ends all others. */
export function DeviceList(props: {
  devices: Device[]
  onEnd: (sessionId?: string) => Promise<boolean>
}) {
  const { t, times } = useI18n()
  const now = createNow(60_000)
  const [ending, setEnding] = createSignal<{ sessionId?: string } | null>(null)
  const others = () => props.devices.filter(({ current }) => !current)
  const title = (device: Device) => {
    const { browser, system } = deviceName(device.userAgent)
    return [browser, system].filter(Boolean).join(' · ') || t().devices.unknown
  }
  const note = ({ ip, lastSeenAt, current }: Device) =>
    [current ? t().devices.current : times().lastSeen(lastSeenAt, now()), ip]
      .filter(Boolean)
      .join(' · ')
  return (
    <div class="devices">
      <Show when={props.devices.length > 0} fallback={<p>{t().devices.none}</p>}>
        <ul class="devices__list">
          <For each={props.devices}>
            {(device) => (
              <li class="devices__row">
                <Show
                  when={deviceName(device.userAgent).mobile}
                  fallback={<Monitor aria-hidden="true" />}
                >
                  <Smartphone aria-hidden="true" />
                </Show>
                <span class="devices__text">
                  <strong>{title(device)}</strong>
                  <span>{note(device)}</span>
                </span>
                <Show when={!device.current}>
                  <Button size="small" onClick={() => setEnding({ sessionId: device.id })}>
                    {t().devices.end}
                  </Button>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={others().length > 1 || (others().length === 1 && props.devices.length === 1)}>
        <Button look="danger" wide onClick={() => setEnding({})}>
          {others().length < props.devices.length ? t().devices.endOthers : t().devices.endAll}
        </Button>
      </Show>
      <Show when={ending()}>
        {(which) => (
          <Confirm
            danger
            title={which().sessionId ? t().devices.endTitle : t().devices.endAllTitle}
            text={t().devices.endText}
            action={t().devices.end}
            onConfirm={() => props.onEnd(which().sessionId)}
            onClose={() => setEnding(null)}
          />
        )}
      </Show>
    </div>
  )
}
