import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** An instant as people say it, '5 minutes ago', with the exact one on hover. The script says it in the reader's zone. */
export function instant({ clock, locale }: Visit, at: Date | number | undefined): Html | undefined {
  const date = new Date(at ?? Number.NaN)
  const atMs = date.getTime()
  // Stored instants may be anything; years of five digits are mistakes of whoever wrote them.
  if (Number.isNaN(atMs) || Math.abs(atMs) > FARTHEST_MS) return undefined
  return html`<time datetime="${date.toISOString()}" title="${locale.instant(atMs)}">${locale.relative(atMs, clock.now())}</time>`
}

const FARTHEST_MS = 253_402_300_799_999
