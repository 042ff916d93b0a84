import { find, findAll, type Page } from './page.ts'

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

/** Instants in the reader's own zone on hover. */
export function dressTimes(page: Page, within: ParentNode): void {
  const exact = new Intl.DateTimeFormat(page.words.language, { dateStyle: 'full', timeStyle: 'long' })
  for (const time of instantsIn(within)) time.title = exact.format(new Date(time.dateTime))
}

const instantsIn = (within: ParentNode): HTMLTimeElement[] => findAll<HTMLTimeElement>(within, 'time[title]')

/** Says every so often how long ago things were, and how long jobs have run. */
export function tellTimes(page: Page): void {
  const { words, clock, root, signal } = page
  const ago = new Intl.RelativeTimeFormat(words.language, { numeric: 'auto' })
  const told = (ms: number) => {
    const [unit, unitMs] = UNITS.find(([, unitMs]) => Math.abs(ms) >= unitMs) ?? ['second', 1_000]
    return ago.format(Math.trunc(ms / unitMs), unit)
  }
  const tell = () => {
    if (document.hidden) return
    for (const time of instantsIn(root)) write(time, told(Date.parse(time.dateTime) - page.nowMs()))
    for (const span of findAll(root, '[data-since]'))
      write(span, lengthIn(words.language, page.nowMs() - Number(span.dataset.since)))
  }
  let cancel = () => {}
  const again = () => {
    cancel = clock.after(1_000, () => {
      tell()
      again()
    })
  }
  again()
  signal.addEventListener('abort', () => cancel())
}

/** Only where it changes: a text that somebody has selected stays so. */
function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

/** A length of time by its two largest units, as the server says it: '3 min 20 s'. */
function lengthIn(language: string, ms: number): string {
  let left = Math.max(0, Math.round(ms / 1_000) * 1_000)
  const parts = UNITS.flatMap(([unit, unitMs]) => {
    const amount = Math.floor(left / unitMs)
    left -= amount * unitMs
    const isShown = amount > 0 || (unit === 'second' && ms < 1_000)
    return isShown
      ? [new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(amount)]
      : []
  })
  return new Intl.ListFormat(language, { type: 'unit', style: 'narrow' }).format(parts.slice(0, 2))
}

/** Lets the server write times in the reader's zone from now on, in the tables that nobody can hover over too. */
export function tellZone({ root }: Page): void {
  if (!(root instanceof Document)) return
  const path = find(root, '.brand')?.getAttribute('href')?.split('?')[0]?.replace(/\/$/, '') || '/'
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in every browser, and never without TLS.
  document.cookie = `quayside_zone=${zone}; Path=${path}; Max-Age=31536000; SameSite=Lax`
}
