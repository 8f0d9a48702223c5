import type { BotOutcome, Outcome, Sample, Spread, Summary } from './outcome.ts'
import { round } from './show.ts'
import type { Verdict } from './verdict.ts'

/** A run as one HTML page that needs nothing else: figures, charts, a row for each call and bot. */
export function reportOf(summary: Summary, verdict: Verdict, outcome: Outcome): string {
  const { samples } = outcome
  const line = (name: string, pick: (sample: Sample) => number): Line => ({
    name,
    points: samples.map((sample) => [sample.at, pick(sample)]),
  })
  const inCalls = outcome.calls.length > 0
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Beseda under ${outcome.bots.length} bots</title>
<style>${style}</style>
<h1>${verdict.passed ? 'Passed' : 'Not passed'}</h1>
<p>${outcome.bots.length} bots at ${escapeHtml(outcome.url)} for ${outcome.seconds.toFixed(0)} s,
${escapeHtml(outcome.startedAt)}, seed ${outcome.seed}. ${summary.joins} joins, ${summary.packets} packets,
${summary.keyFrames} key frames, ${summary.switches} changes of size.
The bots used ${Math.round(outcome.cpuPercent)} % of a core and were ${outcome.lagMs.toFixed(0)} ms late (p99).</p>
${verdict.distrust === null ? '' : `<p class="broken">${escapeHtml(verdict.distrust)}</p>`}
<h2>Thresholds</h2>
${table(
  ['what', 'measured', 'at most', ''],
  verdict.checks.map(({ what, value, limit, unit, kept }) => [
    what,
    value === null ? 'nothing' : `${round(value)} ${unit}`,
    `${limit} ${unit}`,
    kept ? 'kept' : 'broken',
  ]),
)}
<h2>Times, ms</h2>
${table(['from … to', 'p50', 'p95', 'p99'], spreads(summary))}
${
  inCalls
    ? `<h2>Over time</h2>
${chart('Received, kbit/s, each call', callLines(outcome))}
${chart('Bots in calls', [line('joined', ({ joined }) => joined)])}
${chart('Loss, %', [line('loss', ({ lossPercent }) => lossPercent)])}
${chart('Jitter (p95) and own lateness (p99), ms', [
  line('jitter', ({ jitterMs }) => jitterMs),
  line('lateness', ({ lagMs }) => lagMs),
])}
<h2>Calls</h2>
${table(
  botColumns('call'),
  outcome.calls.map((call) =>
    row(
      call,
      outcome.bots.filter((bot) => bot.call === call),
    ),
  ),
)}`
    : ''
}
<h2>Bots</h2>
${table(
  botColumns('bot'),
  outcome.bots.map((bot) => row(bot.name, [bot])),
)}
${
  outcome.failures.length === 0
    ? ''
    : `<h2>What failed</h2>
${table(
  ['times', 'what'],
  outcome.failures.map(({ what, times }) => [String(times), what]),
)}`
}
</html>
`
}

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; }
td, th { padding: .15rem .8rem .15rem 0; text-align: right; font-variant-numeric: tabular-nums; }
td:first-child, th:first-child { text-align: left; }
tr { border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: currentColor; }
.broken { font-weight: bold; color: #c33; }
`

const spreads = (summary: Summary): string[][] =>
  (
    [
      ['asking to join to being in', summary.joinMs],
      ['asking to join to the first packet', summary.mediaMs],
      ['asking to join to the first key frame', summary.pictureMs],
      ['starting a call to its ringing', summary.ringMs],
      ['sending a message to its coming down', summary.messageMs],
    ] as [string, Spread | null][]
  ).flatMap(([what, spread]) =>
    spread === null ? [] : [[what, ...[spread.p50, spread.p95, spread.p99].map(round)]],
  )

const botColumns = (first: string) =>
  [
    first,
    'joins',
    'to media, ms',
    'packets',
    'lost',
    'jitter, ms',
    'hole in sound, ms',
    'key frames',
  ].concat('sizes', 'failures')

function row(name: string, bots: BotOutcome[]): string[] {
  const tracks = bots.flatMap((bot) => bot.tracks)
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  const most = (values: number[]) => (values.length === 0 ? '–' : round(Math.max(...values)))
  return [
    name,
    String(sum(bots.map((bot) => bot.joins))),
    most(bots.flatMap((bot) => bot.mediaMs)),
    String(sum(tracks.map((track) => track.packets))),
    String(sum(tracks.map((track) => track.lost))),
    most(tracks.map((track) => track.jitterMs)),
    most(bots.map((bot) => bot.soundGapMs)),
    String(sum(tracks.map((track) => track.keyFrames))),
    String(sum(tracks.map((track) => track.switches))),
    String(sum(bots.map((bot) => bot.failures.length))),
  ]
}

function table(head: string[], rows: string[][]): string {
  const cells = (tag: string, texts: string[]) =>
    texts.map(
      (text) => `<${tag}${text === 'broken' ? ' class="broken"' : ''}>${escapeHtml(text)}</${tag}>`,
    )
  const lines = [cells('th', head), ...rows.map((texts) => cells('td', texts))]
  return `<table>${lines.map((line) => `<tr>${line.join('')}</tr>`).join('\n')}</table>`
}

type Line = { name: string; points: [x: number, y: number][] }

/** More lines than these can't be told apart. */
const linesMax = 12

function callLines({ calls, samples }: Outcome): Line[] {
  return calls.slice(0, linesMax).map((name, index) => ({
    name,
    points: samples.map((sample) => [sample.at, sample.callKbps[index] ?? 0]),
  }))
}

const size = { width: 800, height: 180, left: 50, bottom: 20, top: 10 }

/** Lines over the seconds of the run, as inline SVG. */
function chart(title: string, lines: Line[]): string {
  const points = lines.flatMap((line) => line.points)
  const lastX = Math.max(1, ...points.map(([x]) => x))
  const top = Math.max(1, ...points.map(([, y]) => y))
  const x = (value: number) => size.left + (value / lastX) * (size.width - size.left - 10)
  const y = (value: number) =>
    size.height - size.bottom - (value / top) * (size.height - size.bottom - size.top)
  const paths = lines.map(({ name, points }, index) => {
    const colour = `hsl(${(index * 137 + 210) % 360} 70% 50%)`
    const path = points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"><title>${escapeHtml(name)}</title></polyline>`
  })
  const names = lines.length > 1 ? `: ${lines.map(({ name }) => name).join(', ')}` : ''
  return `<figure><figcaption>${escapeHtml(title + names)}</figcaption>
<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeHtml(title)}">
<line x1="${size.left}" x2="${size.width - 10}" y1="${y(0)}" y2="${y(0)}" stroke="currentColor" opacity=".4"/>
<text x="${size.left - 6}" y="${y(top) + 4}" text-anchor="end">${round(top)}</text>
<text x="${size.left - 6}" y="${y(0)}" text-anchor="end">0</text>
<text x="${size.width - 10}" y="${size.height - 4}" text-anchor="end">${lastX.toFixed(0)} s</text>
${paths.join('\n')}
</svg></figure>`
}

const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
