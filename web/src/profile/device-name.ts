/** What is told of a device: names that need no translation. */
export type DeviceName = { browser: string | null; system: string | null; mobile: boolean }

const browsers: [RegExp, string][] = [
  // Each says that it is also what stands below it.
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bYaBrowser\//, 'Yandex'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
]

const systems: [RegExp, string][] = [
  [/\biPad\b/, 'iPadOS'],
  [/\biPhone\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

const nameIn = (list: [RegExp, string][], text: string) =>
  list.find(([pattern]) => pattern.test(text))?.[1] ?? null

/** The browser and the system behind a `User-Agent`, as far as it tells. */
export function deviceName(userAgent: string | null): DeviceName {
  const text = userAgent ?? ''
  return {
    browser: nameIn(browsers, text),
    system: nameIn(systems, text),
    mobile: /\b(Mobile|iPhone|iPad|Android)\b/.test(text),
  }
}
