import { DURATION_BOUNDS_MS } from '../../metrics.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** How many runs took how long: a table whose bars are `meter` elements, which need neither script nor style. */
export function durationHistogram({ locale }: Visit, durations: readonly number[]): Html {
  const most = Math.max(1, ...durations)
  const last = durations.findLastIndex((count) => count > 0)
  const first = durations.findIndex((count) => count > 0)
  const rows = durations.slice(Math.max(0, first), last + 1).map((count, index) => {
    const bound = DURATION_BOUNDS_MS[Math.max(0, first) + index] as number
    const label = Number.isFinite(bound) ? locale.t('under', { time: locale.duration(bound) }) : locale.t('longer')
    return html`<tr><th scope="row">${label}</th><td><meter min="0" max="${most}" value="${count}">${locale.number(count)}</meter></td><td>${locale.number(count)}</td></tr>
`
  })
  return html`<section aria-labelledby="durations"><h2 id="durations">${locale.t('durations')}</h2>
<table class="histogram"><thead><tr><th scope="col">${locale.t('duration')}</th><td></td><th scope="col">${locale.t('runs')}</th></tr></thead><tbody>${rows}</tbody></table></section>`
}
