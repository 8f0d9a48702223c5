import type { LiveCall } from '@beseda/protocol/administration'
import PhoneOff from 'lucide-solid/icons/phone-off'
import { createResource, createSignal, For, onCleanup, Show } from 'solid-js'
import { useI18n } from '../i18n/i18n.tsx'
import { createNow } from '../i18n/now.ts'
import { formatDuration } from '../i18n/times.ts'
import { useAttempt } from '../shell/attempt.ts'
import { useClient } from '../shell/client.tsx'
import { Loaded } from '../shell/Loaded.tsx'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { IconButton } from '../ui/IconButton.tsx'

const refreshMs = 5_000

/** The calls that are on and the nodes that carry them, fetched anew while they are in sight. */
export function LivePart() {
  const { t } = useI18n()
  const { rest } = useClient()
  const attempt = useAttempt()
  const now = createNow(1_000)
  const [ending, setEnding] = createSignal<LiveCall | null>(null)
  const [calls, { refetch: refetchCalls }] = createResource(
    async () => (await rest.admin.calls()).items,
  )
  const [nodes, { refetch: refetchNodes }] = createResource(
    async () => (await rest.admin.nodes()).items,
  )
  const refresh = () => void Promise.all([refetchCalls(), refetchNodes()])
  const timer = setInterval(refresh, refreshMs)
  onCleanup(() => clearInterval(timer))

  const lasts = ({ createdAt }: LiveCall) =>
    formatDuration((now().getTime() - Date.parse(createdAt)) / 1000)
  const drain = (node: string, on: boolean) =>
    attempt(async () => {
      await rest.admin.drain(node, on)
      refresh()
    })

  return (
    <div class="admin__part">
      <section class="admin__section">
        <h3>{t().administration.live.calls}</h3>
        <Loaded resource={calls} onRetry={refresh}>
          {(known) => (
            <Show
              when={known().length > 0}
              fallback={<p class="admin__note">{t().administration.live.noCalls}</p>}
            >
              <ul class="admin__list">
                <For each={known()}>
                  {(call) => (
                    <li class="admin__row">
                      <span class="admin__text">
                        <strong dir="auto">
                          {call.chatName ?? t().administration.live.personal}
                        </strong>
                        <span>
                          {lasts(call)} · {call.peers.join(', ') || call.initiator}
                        </span>
                      </span>
                      <IconButton
                        label={t().administration.live.end}
                        onClick={() => setEnding(call)}
                      >
                        <PhoneOff aria-hidden="true" />
                      </IconButton>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          )}
        </Loaded>
      </section>
      <section class="admin__section">
        <h3>{t().administration.live.nodes}</h3>
        <p class="admin__hint">{t().administration.live.drainText}</p>
        <Loaded resource={nodes} onRetry={refresh}>
          {(known) => (
            <Show
              when={known().length > 0}
              fallback={<p class="admin__note">{t().administration.live.noNodes}</p>}
            >
              <ul class="admin__list">
                <For each={known()}>
                  {(node) => (
                    <li class="admin__row">
                      <span class="admin__text">
                        <strong>{node.publicUrl ?? `:${node.port}`}</strong>
                        <span>
                          {node.node.slice(0, 8)} ·{' '}
                          {t().administration.live.load(node.calls, node.load)}
                        </span>
                      </span>
                      <Show when={node.draining}>
                        <span class="admin__badge admin__badge--bad">
                          {t().administration.live.drains}
                        </span>
                      </Show>
                      <Button size="small" onClick={() => void drain(node.node, !node.draining)}>
                        {node.draining
                          ? t().administration.live.undrain
                          : t().administration.live.drain}
                      </Button>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          )}
        </Loaded>
      </section>
      <Show when={ending()}>
        {(call) => (
          <Confirm
            danger
            title={t().administration.live.endTitle}
            text={t().administration.live.endText}
            action={t().administration.live.end}
            onConfirm={() =>
              attempt(async () => {
                await rest.admin.endCall(call().id)
                refresh()
              })
            }
            onClose={() => setEnding(null)}
          />
        )}
      </Show>
    </div>
  )
}
