import type { StorageStats } from '../../storage.ts'
import { type Html, html } from '../html.ts'
import { whole } from '../parameters.ts'
import { byMinute } from '../parts/by-minute.ts'
import { history } from '../parts/history.ts'
import { warnings } from '../parts/warnings.ts'
import { type Route, route } from '../route.ts'
import type { Visit } from '../visit.ts'

const COUNTERS = ['processed', 'failed', 'running', 'enqueued', 'retry', 'scheduled', 'dead', 'workers'] as const

/** How everything stands, what needs a look, and the history of days. */
export const overview: Route = route({
  method: 'GET',
  path: '/',
  may: 'look',
  takes: { days: whole(1, 180, 30) },
  async answer(visit, { days }) {
    const { app, locale } = visit
    const [stats, queues, workers, lastHour] = await Promise.all([
      app.stats({ days }),
      app.queues(),
      app.workers(),
      app.metrics({ minutes: 60 }),
    ])
    return {
      title: locale.t('overview'),
      under: 'overview',
      body: html`${warnings(visit, queues, workers)}
${counters(visit, stats)}
${byMinute(visit, { title: locale.t('lastHour'), measured: lastHour, span: 60 })}
${history(visit, stats.days)}`,
    }
  },
})

function counters({ locale }: Visit, stats: StorageStats): Html {
  const each = COUNTERS.map(
    (
      name,
    ) => html`<div><dt>${locale.t(`counter_${name}`)}</dt><dd data-live="${name}">${locale.number(stats[name])}</dd></div>
`,
  )
  return html`<section aria-label="${locale.t('counters')}"><dl class="counters">${each}</dl></section>`
}
