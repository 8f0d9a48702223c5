/** What is tried, in this order. */
export const stepNames = [
  'server',
  'events',
  'signalling',
  'udp',
  'tcp',
  'relay',
  'microphone',
  'camera',
] as const
export type StepName = (typeof stepNames)[number]

/** `absent`: there is nothing to try, such as a relay that the server does not have. */
export type StepResult = 'passed' | 'failed' | 'absent'
export type Results = Partial<Record<StepName, StepResult>>

/** What the person is told: the worst of it, in one sentence. */
export type Verdict =
  | 'fine'
  | 'noServer'
  | 'noEvents'
  | 'noSignalling'
  | 'noMedia'
  | 'onlyRelay'
  | 'onlyTcp'
  | 'noRelay'
  | 'noMicrophone'
  | 'noCamera'

/** Made of what has been found so far; a step without a result has not been tried. */
export function verdictOf(results: Results): Verdict {
  const failed = (name: StepName) => results[name] === 'failed'
  if (failed('server')) return 'noServer'
  if (failed('events')) return 'noEvents'
  if (failed('signalling')) return 'noSignalling'
  if (failed('udp') && failed('tcp')) {
    return results.relay === 'passed' ? 'onlyRelay' : 'noMedia'
  }
  if (failed('udp')) return results.relay === 'passed' ? 'onlyRelay' : 'onlyTcp'
  if (failed('microphone')) return 'noMicrophone'
  if (failed('camera')) return 'noCamera'
  return failed('relay') ? 'noRelay' : 'fine'
}

/** Tries one thing; what it throws counts as failed. */
export type Steps = Record<StepName, () => Promise<StepResult>>

/** What makes no sense to try once this has failed. */
const needs: Partial<Record<StepName, StepName>> = {
  events: 'server',
  signalling: 'server',
  udp: 'signalling',
  tcp: 'signalling',
  relay: 'signalling',
}

/**
 * Try one after the other, so that none disturbs another.
 *
 * @param signal nothing more is tried once it is aborted: nobody is looking any longer
 * @param onStep told what is tried now, and everything found before; nothing at the end
 */
export async function runPreflight(
  steps: Steps,
  signal: AbortSignal,
  onStep: (results: Results, now: StepName | null) => void,
): Promise<Results> {
  const results: Results = {}
  for (const name of stepNames) {
    if (signal.aborted) return results
    const need = needs[name]
    if (need && results[need] !== 'passed') continue
    onStep({ ...results }, name)
    results[name] = await steps[name]().catch((): StepResult => 'failed')
  }
  onStep({ ...results }, null)
  return results
}
