import { type Card, cardLines, loadInWords, type Step } from './capacity.ts'
import { escapeHtml, type Line, layersChart, lineChart, sparkline, widthsOf } from './charts.ts'
import {
  addSeconds,
  type BotOutcome,
  type Outcome,
  type Sample,
  type Second,
  type Spread,
  type Summary,
} from './outcome.ts'
import type { Scenario } from './scenario.ts'
import { round } from './show.ts'
import type { Verdict } from './verdict.ts'

/** Rows of bots beyond these are in the JSON alone. */
const botsMax = 100
/** More lines than these can't be told apart. */
const linesMax = 12

/** A run as one HTML page that needs nothing else: figures, charts, a row for each call and bot. */
export function reportOf(summary: Summary, verdict: Verdict, outcome: Outcome): string {
  const mark = verdict.passed ? 'kept' : 'broken'
  return page(
    `Beseda under ${outcome.bots.length} bots`,
    `<header>
<h1 class="${mark}">${verdict.passed ? 'Passed' : 'Not passed'}</h1>
${sectionsOf(summary, verdict, outcome)}`,
  )
}

/** What a machine carries as one HTML page: the card, all steps, and the best of them in full. */
export function capacityReportOf(card: Card, scenario: Scenario, steps: readonly Step[]): string {
  const [first = '', ...others] = cardLines(card, scenario)
  const rising = [...steps].sort((a, b) => a.load - b.load)
  const line = (name: string, pick: (step: Step) => number): Line => ({
    name,
    points: rising.map((step) => [step.load, pick(step)]),
  })
  const busiest = ({ summary }: Step) =>
    Math.max(0, ...summary.machine.map(({ cpuPercent }) => cpuPercent))
  const curves = [
    lineChart(
      'CPU by load, % of a core',
      [
        line('the bots', ({ outcome }) => outcome.cpuPercent),
        line('busiest process of server and SFU', busiest),
      ],
      '',
    ),
    lineChart(
      'Join to media by load, p95 in ms',
      [line('join to media', ({ summary }) => summary.mediaMs?.p95 ?? 0)],
      '',
    ),
  ]
  const best = steps.find(({ load, limit }) => load === card.load && limit === null)
  return page(
    'What this machine carries',
    `<header><h1>${escapeHtml(first)}</h1>
${others.map((text) => `<p>${escapeHtml(text.trim())}</p>`).join('\n')}
</header>
${section('Steps', stepsTable(scenario, card, steps))}
${section('By load', `<div class="charts">${curves.join('\n')}</div>`)}
${best ? `<header><h1>The best step: ${escapeHtml(card.carries)}</h1>${sectionsOf(best.summary, best.verdict, best.outcome)}` : ''}`,
  )
}

function stepsTable(scenario: Scenario, { raised }: Card, steps: readonly Step[]): string {
  const p95 = (spread: Spread | null) => (spread === null ? '–' : round(spread.p95))
  const rows = steps.map(({ load, limit, summary, outcome }) => [
    `${loadInWords(scenario, raised, load)}${limit === null ? '' : `: ${limit}`}`,
    p95(summary.mediaMs),
    p95(summary.frameMs),
    round(summary.lossPercent),
    round(summary.frozenPercent),
    round(outcome.cpuPercent),
    round(outcome.lagMs),
    limit === null ? 'kept' : 'broken',
  ])
  const head = ['load', 'to media p95, ms', 'to frame p95, ms', 'loss, %', 'frozen, %']
  return table([...head, 'CPU of the bots, %', 'late p99, ms', ''], rows)
}

const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
${body}
</html>
`

/** Of one run, from the rest of its header on. */
function sectionsOf(summary: Summary, verdict: Verdict, outcome: Outcome): string {
  const inCalls = outcome.calls.length > 0
  const failures = outcome.failures.map(({ what, times }) => [what, String(times)])
  return `<p>${outcome.bots.length} bots at ${escapeHtml(outcome.url)} for ${outcome.seconds.toFixed(0)} s ·
${escapeHtml(outcome.startedAt)} · seed ${outcome.seed}</p>
${verdict.distrust === null ? '' : `<p class="broken">${escapeHtml(verdict.distrust)}</p>`}
</header>
${tiles(summary, outcome)}
${failures.length === 0 ? '' : section('What failed', table(['what', 'times'], failures))}
${section('Thresholds', thresholds(verdict))}
${section('Times, ms', table(['from … to', 'p50', 'p95', 'p99'], spreads(summary)))}
${section('Processes', machineTable(summary, outcome))}
${inCalls ? section('Over time', `<div class="charts">${charts(outcome)}</div>`) : ''}
${inCalls ? section('Calls', callsTable(outcome)) : ''}
${section('Bots', botsTable(outcome))}`
}

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif;
  --card: light-dark(#fff, #151a36); --page: light-dark(#f3f4f9, #0a0e27); --ink: light-dark(#1b2040, #e8eaf6);
  --good: light-dark(#14804f, #4fd39a); --bad: light-dark(#c0392b, #ff7d70); }
* { box-sizing: border-box; }
body { max-width: 86rem; margin: 0 auto; padding: 1rem; background: var(--page); color: var(--ink); }
h1 { margin: .5rem 0 0; font-size: 2rem; } h2 { margin: 0 0 .5rem; font-size: 1.1rem; }
header p { margin: .2rem 0; overflow-wrap: anywhere; }
section, .tiles > div { background: var(--card); border-radius: 18px; padding: 1rem 1.2rem; margin: 1rem 0; box-shadow: 0 2px 12px #0001; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem; margin: 1rem 0; }
.tiles > div { margin: 0; } .tiles b { display: block; font-size: 1.5rem; font-weight: 600; }
.tiles span, figcaption, .legend, .note { font-size: .85rem; opacity: .8; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; min-width: 100%; }
td, th { padding: .25rem .9rem .25rem 0; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td:first-child, th:first-child { text-align: left; white-space: normal; min-width: 8rem; }
th { font-weight: 500; opacity: .7; }
tr + tr { box-shadow: 0 -1px color-mix(in srgb, currentColor 12%, transparent); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem 2rem; }
figure { margin: 0; min-width: 0; } figure svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: currentColor; opacity: .75; }
@media (max-width: 40rem) { svg text { font-size: 19px; } }
.legend { display: flex; flex-wrap: wrap; gap: .1rem .9rem; margin: .2rem 0; } .legend i { display: inline-block; width: .7rem; height: .7rem; border-radius: 3px; margin-right: .35rem; }
.spark { width: 120px; height: 24px; vertical-align: middle; }
.kept { color: var(--good); } .broken { color: var(--bad); font-weight: 600; }
`

const section = (title: string, inside: string) =>
  `<section><h2>${escapeHtml(title)}</h2>${inside}</section>`

function tiles(summary: Summary, outcome: Outcome): string {
  const at = (spread: Spread | null) => (spread === null ? '–' : `${round(spread.p95)} ms`)
  const inCalls = outcome.calls.length > 0
  const peak = Math.max(0, ...outcome.samples.map(({ kbps }) => kbps))
  const figures: [string, string][] = [
    [String(summary.joins), 'joins'],
    ...(inCalls
      ? ([
          [at(summary.mediaMs), 'join to media, p95'],
          [at(summary.frameMs), 'join to first frame, p95'],
          [
            `${round(summary.lossPercent)} %`,
            `packets lost; repaired: ${round(summary.sound.repairedPercent)} % of sound, ${round(summary.pictures.repairedPercent)} % of pictures`,
          ],
          [`${round(summary.frozenPercent)} %`, `of pictures' time frozen`],
          [`${round(summary.soundGapMs)} ms`, 'longest hole in sound'],
          [`${(peak / 1000).toFixed(1)} Mbit/s`, 'received at most'],
        ] satisfies [string, string][])
      : []),
    ...(summary.messageMs
      ? ([[at(summary.messageMs), 'message delivery, p95']] satisfies [string, string][])
      : []),
    [`${round(outcome.cpuPercent)} %`, `of a core for the bots, ${round(outcome.lagMs)} ms late`],
  ]
  const cells = figures.map(([figure, what]) => `<div><b>${figure}</b><span>${what}</span></div>`)
  return `<div class="tiles">${cells.join('')}</div>`
}

function thresholds({ checks }: Verdict): string {
  return table(
    ['what', 'measured', 'at most', ''],
    checks.map(({ what, value, limit, unit, kept }) => [
      what,
      value === null ? 'nothing' : `${round(value)} ${unit}`,
      `${limit} ${unit}`,
      kept ? 'kept' : 'broken',
    ]),
  )
}

const spreads = (summary: Summary): string[][] =>
  (
    [
      ['asking to join to being in', summary.joinMs],
      ['asking to join to the first packet', summary.mediaMs],
      ['asking to join to the first frame', summary.frameMs],
      ['starting a call to its ringing', summary.ringMs],
      ['ring to the first packet, answered at once', summary.answerMs],
      ['sending a message to its coming down', summary.messageMs],
    ] as [string, Spread | null][]
  ).flatMap(([what, spread]) =>
    spread === null ? [] : [[what, ...[spread.p50, spread.p95, spread.p99].map(round)]],
  )

function machineTable({ machine }: Summary, { processes, samples }: Outcome): string {
  const absent = '<p>Server and SFU are not on this machine, or of another user.</p>'
  const inPercent = (value: number) => `${value.toFixed(1)} %`
  const own = processes.map(({ bots, cpuPercent, memoryMaxMb, lagMs, ended }, place) => {
    const seconds = samples.map((sample) => sample.processes[place]?.cpuPercent ?? 0)
    return [
      `${nameOf(place, processes)} (${bots})${ended === null ? '' : `: ended (${ended})`}`,
      inPercent(cpuPercent),
      inPercent(Math.max(0, ...seconds)),
      '–',
      `${memoryMaxMb.toFixed(0)} MB`,
      `${round(lagMs)} ms`,
    ]
  })
  const others = machine.map((one) => [
    one.name,
    inPercent(one.cpuPercent),
    inPercent(one.cpuMaxPercent),
    inPercent(one.threadMaxPercent),
    `${one.memoryMaxMb.toFixed(0)} MB`,
    '–',
  ])
  const head = ['process', 'CPU, of a core', 'worst second', 'its busiest thread', 'memory', 'late']
  return `${table(head, [...own, ...others])}${machine.length === 0 ? absent : ''}`
}

const nameOf = (place: number, { length }: Outcome['processes']) =>
  length === 1 ? 'bots' : `bots ${place + 1}`

const botsOf = ({ bots }: Outcome, call: string) => bots.filter((bot) => bot.call === call)

function charts(outcome: Outcome): string {
  const { samples, bots, calls, processes } = outcome
  const line = (name: string, pick: (sample: Sample) => number): Line => ({
    name,
    points: samples.map((sample) => [sample.at, pick(sample)]),
  })
  const timed = (seconds: Second[]) =>
    seconds.map((second, index) => ({ ...second, at: samples[index]?.at ?? index }))
  const byCall = calls.slice(0, linesMax).map((name): Line => {
    const seconds = timed(addSeconds(botsOf(outcome, name)))
    return { name, points: seconds.map(({ at, kbps }) => [at, kbps / 1000]) }
  })
  const names = [...new Set(samples.flatMap(({ machine }) => machine.map(({ name }) => name)))]
  const machine = (pick: 'cpuPercent' | 'memoryMb') => [
    ...processes.map((_, place) =>
      line(nameOf(place, processes), (sample) => sample.processes[place]?.[pick] ?? 0),
    ),
    ...names.map((name) =>
      line(name, (sample) => sample.machine.find((usage) => usage.name === name)?.[pick] ?? 0),
    ),
  ]
  const all = timed(addSeconds(bots))
  const pictures = all.some(({ layers }) => Object.keys(layers).length > 0)
  return [
    lineChart('Received in each call, Mbit/s', byCall),
    ...(pictures ? [layersChart('Pictures received, by their width', all)] : []),
    lineChart('Loss, %', [line('loss', ({ lossPercent }) => lossPercent)]),
    ...(pictures ? [lineChart('Freezes in each second', [line('', (one) => one.freezes)])] : []),
    lineChart('Jitter (p95) and how late the bots were (p99), ms', [
      line('jitter', ({ jitterMs }) => jitterMs),
      line('lateness', ({ lagMs }) => lagMs),
    ]),
    lineChart('Bots in calls', [line('joined', ({ joined }) => joined)]),
    lineChart('CPU, % of a core', machine('cpuPercent')),
    lineChart('Memory, MB', machine('memoryMb')),
  ].join('\n')
}

const columns = (first: string) => [
  first,
  'received',
  'joins',
  'to media, ms',
  'to frame, ms',
  'packets',
  'lost',
  'late or repeated',
  'jitter, ms',
  'hole in sound, ms',
  'freezes',
  'key frames',
  'sizes',
  'failures',
]

function callsTable(outcome: Outcome): string {
  const widths = widthsOf(outcome.bots.flatMap(({ seconds }) => seconds.map((one) => one.layers)))
  return table(
    columns('call'),
    outcome.calls.map((call) => row(call, botsOf(outcome, call), widths)),
  )
}

/** Those that did worst first. */
function botsTable(outcome: Outcome): string {
  const { bots } = outcome
  const widths = widthsOf(bots.flatMap(({ seconds }) => seconds.map((one) => one.layers)))
  const harm = (bot: BotOutcome) =>
    bot.failures.length * 1e6 +
    bot.tracks.reduce((sum, { frozenMs, lost }) => sum + frozenMs + lost, bot.soundGapMs)
  const worst = [...bots].sort((a, b) => harm(b) - harm(a)).slice(0, botsMax)
  const rest =
    bots.length > botsMax
      ? `<p class="note">The ${botsMax} that did worst; all are in the JSON.</p>`
      : ''
  return `${rest}${table(
    columns('bot'),
    worst.map((bot) => row(bot.name, [bot], widths)),
  )}`
}

/** A cell that is markup already. */
type Markup = { html: string }

function row(name: string, bots: BotOutcome[], widths: string[]): (string | Markup)[] {
  const tracks = bots.flatMap((bot) => bot.tracks)
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  const most = (values: number[]) => (values.length === 0 ? '–' : round(Math.max(...values)))
  return [
    name,
    { html: sparkline(addSeconds(bots), widths) },
    String(sum(bots.map((bot) => bot.joins))),
    most(bots.flatMap((bot) => bot.mediaMs)),
    most(bots.flatMap((bot) => bot.frameMs)),
    String(sum(tracks.map((track) => track.packets))),
    String(sum(tracks.map((track) => track.lost))),
    String(sum(tracks.map((track) => track.repaired))),
    most(tracks.map((track) => track.jitterMs)),
    most(bots.map((bot) => bot.soundGapMs)),
    String(sum(tracks.map((track) => track.freezes))),
    String(sum(tracks.map((track) => track.keyFrames))),
    String(sum(tracks.map((track) => track.switches))),
    String(sum(bots.map((bot) => bot.failures.length))),
  ]
}

function table(head: string[], rows: (string | Markup)[][]): string {
  const marked = new Set(['kept', 'broken'])
  const cell = (tag: string, content: string | Markup) => {
    if (typeof content !== 'string') return `<${tag}>${content.html}</${tag}>`
    const mark = marked.has(content) ? ` class="${content}"` : ''
    return `<${tag}${mark}>${escapeHtml(content)}</${tag}>`
  }
  const lines = [
    head.map((text) => cell('th', text)),
    ...rows.map((contents) => contents.map((content) => cell('td', content))),
  ]
  return `<div class="scroll"><table>${lines.map((line) => `<tr>${line.join('')}</tr>`).join('\n')}</table></div>`
}
