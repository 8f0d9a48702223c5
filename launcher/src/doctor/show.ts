import type { Findings, Problem } from './verdict.ts'

/** What a person reads: the verdict with its fix, what else is wrong, and what was looked at. */
export function showFindings(findings: Findings, problems: Problem[]): string[] {
  const [first, ...others] = problems
  const looked = describe(findings).map(({ name, text }) => `  ${name.padEnd(14)}${text}`)
  if (!first) return ['Nothing is wrong, as far as can be seen from here.', ...looked]
  const more = others.flatMap(({ what, fix }) => [`  ${what}`, `    → ${fix}`])
  return [
    `Verdict: ${first.what}`,
    `Fix: ${first.fix}`,
    ...(more.length > 0 ? ['', 'Also wrong, maybe because of that:', ...more] : []),
    '',
    'Looked at:',
    ...looked,
  ]
}

function describe({ worker, postgres, redis, page, events, nodes, relays }: Findings) {
  const backing = (found: typeof postgres) =>
    found && (found.reachable ? `${found.name} ${found.version}` : found.reason)
  const lasts = ({ trouble, cutAfterMs }: NonNullable<typeof events>) =>
    trouble ?? (cutAfterMs === undefined ? 'lasts' : `cut after ${Math.round(cutAfterMs / 1000)} s`)
  const rows: [name: string, text: string | undefined][] = [
    ['media worker', worker && (worker.runs ? 'runs' : 'missing')],
    ['database', backing(postgres)],
    ['redis', backing(redis)],
    ['server', `${page.url}: ${page.trouble ?? 'answers'}`],
    ['events', events && lasts(events)],
    ['media servers', nodes ? `${nodes.length}` : 'could not be asked for'],
    ...(nodes ?? []).flatMap(({ socket, ways }): [string, string][] => [
      ['signalling', `${socket.url}: ${lasts(socket)}`],
      ...ways.map(({ protocol, address, port, answers }): [string, string] => [
        'media',
        `${protocol} ${address}:${port} ${answers ? 'answers' : 'is silent'}`,
      ]),
    ]),
    ...relays.map(({ url, reached, allocated, forwarded }): [string, string] => [
      'relay',
      `${url}: ${!reached ? 'silent' : allocated !== 0 ? `refuses (${allocated})` : forwarded ? 'forwards' : 'answers'}`,
    ]),
  ]
  return rows.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]))
}
