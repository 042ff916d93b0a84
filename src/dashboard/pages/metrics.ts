import { deploysOf } from '../../inspect/deploys.ts'
import { type Html, html } from '../html.ts'
import { averageMs, type JobTotals, percentileMs, totalsOf } from '../job-metrics.ts'
import { choice, matching } from '../parameters.ts'
import { byMinute } from '../parts/by-minute.ts'
import { durationHistogram } from '../parts/histogram.ts'
import { type Route, route } from '../route.ts'
import { at } from '../urls.ts'
import type { Visit } from '../visit.ts'

/** Jobs whose percentiles are read: each costs a read of its own. */
const MOST_JOBS = 25

const minutes = choice('60', '120', '240', '480')
const SPANS = ['60', '120', '240', '480'] as const

/** How often each job ran, how often it failed, and how long it took. */
export const metrics: Route = route({
  method: 'GET',
  path: '/metrics',
  may: 'look',
  takes: { minutes },
  async answer(visit, given) {
    const { app, locale } = visit
    const span = Number(given.minutes)
    const totals = totalsOf(await app.metrics({ minutes: span }))
    const shown = await Promise.all(totals.slice(0, MOST_JOBS).map((job) => withDurations(visit, job, span)))
    return {
      title: locale.t('nav_metrics'),
      under: 'metrics',
      body: html`${spans(visit, '/metrics', given.minutes)}
${shown.length === 0 ? html`<p class="empty">${locale.t('noMetrics')}</p>` : table(visit, shown, given.minutes)}
${totals.length > MOST_JOBS && html`<p class="bound">${locale.t('firstOf', { shown: MOST_JOBS, total: totals.length })}</p>`}`,
    }
  },
})

/** One job: its runs by the minute, and how long they took. */
export const metricsOfJob: Route = route({
  method: 'GET',
  path: '/metrics/:job',
  may: 'look',
  takes: { job: matching(/^.{1,300}$/s, 'the name of a job'), minutes },
  async answer(visit, { job, minutes: span }) {
    const [measured, deploys] = await Promise.all([
      visit.app.metrics({ minutes: Number(span), job }),
      deploysOf(visit.app),
    ])
    const [totals] = totalsOf(measured)
    return {
      title: visit.locale.t('metricsTitle', { job }),
      under: 'metrics',
      body: html`${spans(visit, at`/metrics/${job}`, span)}
${totals ? html`${table(visit, [totals], span)}${byMinute(visit, { title: visit.locale.t('byMinute'), measured, span: Number(span), deploys })}${durationHistogram(visit, totals.durations)}` : html`<p class="empty">${visit.locale.t('noMetrics')}</p>`}`,
    }
  },
})

async function withDurations({ app }: Visit, totals: JobTotals, span: number): Promise<JobTotals> {
  return totalsOf(await app.metrics({ minutes: span, job: totals.job }))[0] ?? totals
}

function spans({ locale, urls }: Visit, path: string, current: string): Html {
  const links = SPANS.map((span) => {
    const label = locale.t('lastMinutes', { span: locale.duration(Number(span) * 60_000) })
    const address = urls.to(path, { minutes: span })
    return span === current
      ? html`<li><a href="${address}" aria-current="true">${label}</a></li>`
      : html`<li><a href="${address}">${label}</a></li>`
  })
  return html`<ul class="spans">${links}</ul>`
}

const COLUMNS = [
  'column_job',
  'counter_processed',
  'counter_failed',
  'column_average',
  'column_p50',
  'column_p95',
  'column_totalTime',
] as const

function table({ locale, urls }: Visit, jobs: readonly JobTotals[], span: string): Html {
  const time = (ms: number | undefined) => (ms === undefined ? '–' : locale.duration(ms))
  const rows = jobs.map((job) => {
    const address = urls.to(at`/metrics/${job.job}`, { minutes: span })
    return html`<tr data-key="${job.job}"><th scope="row"><a href="${address}">${job.job}</a></th>
<td>${locale.number(job.processed)}</td><td>${locale.number(job.failed)}</td><td>${time(averageMs(job))}</td>
<td>${time(percentileMs(job.durations, 0.5))}</td><td>${time(percentileMs(job.durations, 0.95))}</td><td>${time(job.totalMs)}</td></tr>
`
  })
  const titles = COLUMNS.map((key) => html`<th scope="col">${locale.t(key)}</th>`)
  return html`<table class="numbers"><thead><tr>${titles}</tr></thead><tbody>${rows}</tbody></table>`
}
