import type { CronState } from '../../cron/cron.ts'
import { type Html, html } from '../html.ts'
import { instant } from '../parts/instant.ts'
import { type Route, route } from '../route.ts'
import type { Visit } from '../visit.ts'

const MOST_SHOWN = 500

/** Jobs that come again and again. */
export const periodic: Route = route({
  method: 'GET',
  path: '/periodic',
  may: 'look',
  takes: {},
  async answer(visit) {
    const { locale } = visit
    const jobs = await (await visit.app.cron()).list()
    return {
      title: locale.t('nav_periodic'),
      under: 'periodic',
      body:
        jobs.length === 0
          ? html`<p class="empty">${locale.t('noPeriodic')}</p>`
          : table(visit, jobs.slice(0, MOST_SHOWN)),
    }
  },
})

const COLUMNS = [
  'column_name',
  'column_schedule',
  'column_job',
  'column_lastRun',
  'column_nextRun',
  'column_actions',
] as const

function table(visit: Visit, jobs: readonly CronState[]): Html {
  const titles = COLUMNS.map((key) => html`<th scope="col">${visit.locale.t(key)}</th>`)
  return html`<table class="periodic"><thead><tr>${titles}</tr></thead><tbody>${jobs.map((job) => row(visit, job))}</tbody></table>`
}

function row(visit: Visit, { name, cron, timezone, class: job, description, lastAt, nextAt, paused }: CronState): Html {
  const { locale, urls, visitor } = visit
  const buttons =
    visitor.may.has('periodic') &&
    html`<form method="post" class="actions" action="${urls.to('/periodic/run')}"><input type="hidden" name="name" value="${name}">
<button>${locale.t('runNow')}</button> <button formaction="${urls.to(paused ? '/periodic/resume' : '/periodic/pause')}">${locale.t(paused ? 'resume' : 'pause')}</button></form>`
  return html`<tr data-key="${name}"><th scope="row">${name}${paused && html` <strong class="paused">${locale.t('paused')}</strong>`}${description && html`<br><small>${description}</small>`}</th>
<td><code dir="ltr">${cron}</code> ${timezone}</td><td>${job}</td><td>${instant(visit, lastAt)}</td><td>${instant(visit, nextAt)}</td><td>${buttons}</td></tr>
`
}
