import './Preflight.css'
import CircleAlert from 'lucide-solid/icons/circle-alert'
import CircleCheck from 'lucide-solid/icons/circle-check'
import CircleMinus from 'lucide-solid/icons/circle-minus'
import { createSignal, For, Match, onCleanup, Show, Switch } from 'solid-js'
import { useCalls } from '../calls/context.tsx'
import { useI18n } from '../i18n/i18n.tsx'
import { useClient } from '../shell/client.tsx'
import { Button } from '../ui/Button.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { makeProbes } from './probes.ts'
import { type Results, runPreflight, type StepName, stepNames, verdictOf } from './steps.ts'

/** Tries everything that a call needs, from this browser, and says what is in the way. */
export function Preflight() {
  const { t } = useI18n()
  const client = useClient()
  const calls = useCalls()
  const [results, setResults] = createSignal<Results | null>(null)
  const [now, setNow] = createSignal<StepName | null>(null)
  let section!: HTMLElement
  const leaving = new AbortController()
  onCleanup(() => leaving.abort())

  const run = async () => {
    const probes = makeProbes(client, calls.settings)
    leaving.signal.addEventListener('abort', probes.close)
    await runPreflight(probes.steps, leaving.signal, (found, current) => {
      const first = now() === null
      setResults(found)
      setNow(current)
      // What is told grows below the edge of the window, at the beginning and with the verdict.
      if (first || current === null) section.scrollIntoView({ block: 'nearest' })
    }).finally(probes.close)
  }
  const told = (name: StepName, result: Results[StepName]) => {
    if (now() === name) return t().preflight.trying
    return result && t().preflight.results[result]
  }
  const over = () => (now() === null ? results() : null)

  return (
    <section class="preflight" ref={section}>
      <div>
        <Button size="small" busy={now() !== null} onClick={() => void run()}>
          {t().preflight.run}
        </Button>
      </div>
      <Show when={results()}>
        {(found) => (
          <ul class="preflight__steps">
            <For each={stepNames}>
              {(name) => (
                <li class="preflight__step" data-result={found()[name]}>
                  <Mark busy={now() === name} result={found()[name]} />
                  <span>{t().preflight.steps[name]}</span>
                  <span class="preflight__result">{told(name, found()[name])}</span>
                </li>
              )}
            </For>
          </ul>
        )}
      </Show>
      <p class="preflight__verdict" role="status">
        <Show when={over()}>{(found) => t().preflight.verdicts[verdictOf(found())]}</Show>
      </p>
    </section>
  )
}

function Mark(props: { busy: boolean; result: Results[StepName] }) {
  return (
    <Switch fallback={<CircleMinus aria-hidden="true" />}>
      <Match when={props.busy}>
        <Spinner />
      </Match>
      <Match when={props.result === 'passed'}>
        <CircleCheck aria-hidden="true" />
      </Match>
      <Match when={props.result === 'failed'}>
        <CircleAlert aria-hidden="true" />
      </Match>
    </Switch>
  )
}
