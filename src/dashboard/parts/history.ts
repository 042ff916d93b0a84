import type { StorageStats } from '../../storage.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { type ChartSeries, chart } from './chart.ts'

type Days = StorageStats['days']

const SPANS = [7, 30, 90, 180] as const

/**
 * What was done on each day. The table below the chart is for those who read better than they see.
 */
export function history(visit: Visit, days: Days): Html {
  const { locale, urls } = visit
  const spans = SPANS.map((count) =>
    count === days.length
      ? html`<li><a href="${urls.to('/', { days: count })}" aria-current="true">${locale.t('days', { count })}</a></li>`
      : html`<li><a href="${urls.to('/', { days: count })}">${locale.t('days', { count })}</a></li>`,
  )
  return html`<section aria-labelledby="history">
<h2 id="history">${locale.t('history')}</h2>
<ul class="spans">${spans}</ul>
${chart(visit, { of: 'history', label: locale.t('history'), series: series(days) })}
<details><summary>${locale.t('asTable')}</summary>${table(visit, days)}</details>
</section>`
}

const series = (days: Days): ChartSeries => ({
  days: days.map(({ day }) => day).reverse(),
  processed: days.map(({ processed }) => processed).reverse(),
  failed: days.map(({ failed }) => failed).reverse(),
})

function table({ locale }: Visit, days: Days): Html {
  const rows = days.map(
    ({ day, processed, failed }) => html`<tr><th scope="row"><time datetime="${day}">${locale.day(day)}</time></th>
<td>${locale.number(processed)}</td><td>${locale.number(failed)}</td></tr>
`,
  )
  return html`<table class="numbers"><thead><tr><th scope="col">${locale.t('day')}</th>
<th scope="col">${locale.t('counter_processed')}</th><th scope="col">${locale.t('counter_failed')}</th></tr></thead>
<tbody>${rows}</tbody></table>`
}
