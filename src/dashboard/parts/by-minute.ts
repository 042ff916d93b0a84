import type { Deploy } from '../../inspect/deploys.ts'
import type { MinuteMetrics } from '../../storage.ts'
import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'
import { type ChartSeries, chart } from './chart.ts'
import { instant } from './instant.ts'

const MINUTE_MS = 60_000

interface Measured {
  readonly title: string
  /** The minutes in which anything was done. */
  readonly measured: readonly MinuteMetrics[]
  /** How many minutes back are shown. */
  readonly span: number
  readonly deploys?: readonly Deploy[]
}

/** What was done in each minute, of one job or of all; deploys of that time are lines through the chart. */
export function byMinute(visit: Visit, { title, measured, span, deploys = [] }: Measured): Html {
  const last = Math.floor(visit.clock.now() / MINUTE_MS) * MINUTE_MS
  const minutes = Array.from({ length: span }, (_, index) => last - (span - 1 - index) * MINUTE_MS)
  const marks = deploys
    .map((deploy) => ({ ...deploy, index: minutes.indexOf(Math.floor(deploy.atMs / MINUTE_MS) * MINUTE_MS) }))
    .filter(({ index }) => index >= 0)
  const items = marks.map(({ label, atMs }) => html`<li><span dir="auto">${label}</span> ${instant(visit, atMs)}</li>`)
  return html`<section aria-labelledby="by-minute"><h2 id="by-minute">${title}</h2>
${chart(visit, { of: 'minutes', label: title, series: series(minutes, measured), marks })}
${items.length > 0 && html`<h3>${visit.locale.t('deploys')}</h3><ul class="deploys">${items}</ul>`}</section>`
}

function series(minutes: readonly number[], measured: readonly MinuteMetrics[]): ChartSeries {
  const jobsAt = new Map(measured.map(({ at, jobs }) => [at, jobs]))
  const sumOf = (name: 'processed' | 'failed') =>
    minutes.map((at) => (jobsAt.get(at) ?? []).reduce((sum, job) => sum + job[name], 0))
  return { at: minutes, processed: sumOf('processed'), failed: sumOf('failed') }
}
