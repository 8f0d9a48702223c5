import type { Page } from 'playwright-core'

/** What a payload does when anything lets it run. */
const run = 'window.__xss=1'

/** Texts that have broken out of one page or another: markup, handlers, links, encodings, Unicode. */
export const hostileTexts: readonly string[] = [
  `<script>${run}</script>`,
  `<ScRiPt>${run}</sCrIpT>`,
  `<script src=//evil.example/x.js></script>`,
  `<scr<script>ipt>${run}</scr</script>ipt>`,
  `</title><script>${run}</script>`,
  `</textarea><script>${run}</script>`,
  `"><script>${run}</script>`,
  `'><script>${run}</script>`,
  `--><script>${run}</script>`,
  `]]><script>${run}</script>`,
  `<img src=x onerror=${run}>`,
  `<IMG SRC=x ONERROR="${run}">`,
  `<img/src=x/onerror=${run}>`,
  `<img src=x onerror\n=\n${run}>`,
  `"><img src=x onerror=${run}>`,
  `" onmouseover=${run} x="`,
  `' onfocus=${run} autofocus '`,
  `\` onclick=${run} \``,
  `<svg onload=${run}>`,
  `<svg/onload=${run}>`,
  `<svg><script>${run}</script></svg>`,
  `<svg><animate onbegin=${run} attributeName=x>`,
  `<svg><use href="data:image/svg+xml,<svg id=x onload=${run}>#x">`,
  `<math><mtext><img src=x onerror=${run}>`,
  `<math href="javascript:${run}">x</math>`,
  `<iframe src="javascript:${run}">`,
  `<iframe srcdoc="<script>parent.${run}</script>">`,
  `<object data="javascript:${run}">`,
  `<embed src="javascript:${run}">`,
  `<video><source onerror=${run}>`,
  `<audio src=x onerror=${run}>`,
  `<details open ontoggle=${run}>`,
  `<body onload=${run}>`,
  `<input autofocus onfocus=${run}>`,
  `<form><button formaction="javascript:${run}">x`,
  `<a href="javascript:${run}">x</a>`,
  `<base href="//evil.example/">`,
  `<link rel=stylesheet href=//evil.example/x.css>`,
  `<meta http-equiv=refresh content="0;url=javascript:${run}">`,
  `<style>@import '//evil.example/x.css'</style>`,
  `<style>*{background:url("javascript:${run}")}</style>`,
  `<div style="background:url(javascript:${run})">`,
  `<div style="width:expression(${run})">`,
  `<template><script>${run}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  `<xss id=x tabindex=1 onfocus=${run}>`,
  `javascript:${run}`,
  `JaVaScRiPt:${run}`,
  `java\tscript:${run}`,
  `java\nscript:${run}`,
  ` javascript:${run}`,
  `\u0001javascript:${run}`,
  `javascript&colon;${run}`,
  `&#106;avascript:${run}`,
  `javascript:%77indow.__xss=1`,
  `data:text/html,<script>${run}</script>`,
  `data:text/html;base64,PHNjcmlwdD5wYXJlbnQuX194c3M9MTwvc2NyaXB0Pg==`,
  `vbscript:msgbox(1)`,
  `//evil.example/%0ajavascript:${run}`,
  `https://evil.example/"onmouseover=${run}"`,
  `https://evil.example/<script>${run}</script>`,
  `&lt;script&gt;${run}&lt;/script&gt;`,
  `&#x3c;img src=x onerror=${run}&#x3e;`,
  `\\u003cscript\\u003e${run}\\u003c/script\\u003e`,
  `%3Cscript%3E${run}%3C/script%3E`,
  `＜script＞${run}＜/script＞`,
  `<script\u2028>${run}</script>`,
  `\u202e<script>${run}</script>`,
  `\u200f\u2067<img src=x onerror=${run}>\u2069`,
  `a\u0300\u0301\u0302\u0303\u0304\u0305<svg onload=${run}>`,
  `{{constructor.constructor('${run}')()}}`,
  `\${${run}}`,
  `#{${run}}`,
  `<%= ${run} %>`,
  `__proto__`,
  `constructor`,
  `toString`,
  `[object Object]`,
  `W${'w'.repeat(60)}`,
  `🏴\u{e0067}\u{e0062}<b onclick=${run}>`,
]

/** A text in every form that a message can give it. */
export function inEveryForm(text: string): string {
  return [
    text,
    `**${text}** *${text}* ~~${text}~~`,
    `\`${text}\` ||${text}||`,
    `[${text}](https://example.org/a) [words](${text}) <${text}>`,
    `@${text} https://example.org/?q=${text}`,
    `> ${text}`,
    `- ${text}`,
    `\`\`\`\n${text}\n\`\`\``,
  ].join('\n')
}

/** What should never be: kept in the page by `watch`. */
export type Alarm = string

/** Runs in the page before its own scripts: looks at everything that comes into the document. */
function watchDocument() {
  const alarms: Alarm[] = []
  Object.assign(globalThis, { alarms })
  const forbidden = 'iframe, frame, object, embed, applet, base, math, template, marquee, noscript'
  const isOwn = (url: string) => new URL(url, location.href).origin === location.origin
  const nameOf = (element: Element) => element.outerHTML.slice(0, 120)

  const judge = (element: Element) => {
    if (element.matches(forbidden)) alarms.push(`element ${nameOf(element)}`)
    const source = element.getAttribute('src') ?? ''
    if (element.localName === 'script' && !(source && isOwn(source))) {
      alarms.push(`script ${nameOf(element)}`)
    }
    if (element.localName === 'meta' && element.hasAttribute('http-equiv')) {
      alarms.push(`meta ${nameOf(element)}`)
    }
    if (
      element.localName === 'link' &&
      !/^(data:image\/svg|\/|http)/.test(element.getAttribute('href') ?? '')
    ) {
      alarms.push(`link ${nameOf(element)}`)
    }
    for (const { name, value } of element.attributes) {
      if (name === 'style' && /javascript:|expression\(|evil/.test(value)) {
        alarms.push(`style ${nameOf(element)}`)
      }
      if (/^on|^srcdoc$|^formaction$/.test(name)) alarms.push(`attribute ${nameOf(element)}`)
      if (/^(href|src|action|xlink:href|data|poster)$/.test(name)) judgeAddress(element, value)
    }
  }
  const judgeAddress = (element: Element, value: string) => {
    const { protocol, origin } = new URL(value, location.href)
    const isPicture = /^(img|image|video|audio|link|use)$/.test(element.localName)
    const allowed = isPicture
      ? ['http:', 'https:', 'blob:', 'data:']
      : ['http:', 'https:', 'mailto:']
    if (!allowed.includes(protocol)) alarms.push(`address ${nameOf(element)}`)
    const isForeign = protocol.startsWith('http') && origin !== location.origin
    if (isForeign && element.localName !== 'a') alarms.push(`foreign ${nameOf(element)}`)
    const rel = element.getAttribute('rel') ?? ''
    if (isForeign && !(rel.includes('noopener') && rel.includes('noreferrer'))) {
      alarms.push(`rel ${nameOf(element)}`)
    }
  }
  const judgeAll = (node: Node) => {
    if (!(node instanceof Element)) return
    judge(node)
    for (const inner of node.querySelectorAll('*')) judge(inner)
  }
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === 'attributes') judgeAll(target)
      else for (const node of addedNodes) judgeAll(node)
    }
  }).observe(document, { subtree: true, childList: true, attributes: true })
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    alarms.push(`policy ${violatedDirective} ${blockedURI}`)
  })
}

/** Watch a page from its next load on; the answer tells what has happened there so far that must not. */
export async function watch(page: Page): Promise<() => Promise<Alarm[]>> {
  const outside: Alarm[] = []
  page.on('dialog', (dialog) => {
    outside.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => outside.push(`error ${error.message}`))
  page.on('request', (request) => {
    if (request.url().includes('evil.example')) outside.push(`request ${request.url()}`)
  })
  await page.addInitScript(watchDocument)
  return async () => {
    const inside = await page.evaluate(() => {
      const { alarms = ['not watched'], __xss } = globalThis as {
        alarms?: string[]
        __xss?: unknown
      }
      return __xss === undefined ? alarms : [...alarms, 'a payload ran']
    })
    return [...outside, ...inside]
  }
}
