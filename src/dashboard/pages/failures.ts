import { type FailureGroup, groupFailures } from '../failures.ts'
import { type Html, html } from '../html.ts'
import { instant } from '../parts/instant.ts'
import { type Route, route } from '../route.ts'
import type { Visit } from '../visit.ts'

/** Jobs that are read of each set: those due soonest, and those that died last. */
const MOST_READ = 500
const MOST_GROUPS = 100

/** What fails, and how often, grouped by job and error. */
export const failures: Route = route({
  method: 'GET',
  path: '/failures',
  may: 'look',
  takes: {},
  async answer(visit) {
    const { app, locale } = visit
    const [retries, dead] = await Promise.all([
      app.retries.page({ limit: MOST_READ }),
      app.dead.page({ limit: MOST_READ, reverse: true }),
    ])
    const groups = groupFailures(retries.jobs, dead.jobs)
    const looked = retries.jobs.length + dead.jobs.length
    const total = retries.total + dead.total
    return {
      title: locale.t('nav_failures'),
      under: 'failures',
      body: html`${groups.length === 0 ? html`<p class="empty">${locale.t('noFailures')}</p>` : table(visit, groups.slice(0, MOST_GROUPS))}
${groups.length > MOST_GROUPS && html`<p class="bound">${locale.t('firstOf', { shown: MOST_GROUPS, total: groups.length })}</p>`}
${looked < total && html`<p class="bound">${locale.t('lookedAt', { looked, total })}</p>`}`,
    }
  },
})

const COLUMNS = [
  'column_job',
  'column_error',
  'nav_retries',
  'nav_dead',
  'column_firstSeen',
  'column_lastSeen',
] as const

function table(visit: Visit, groups: readonly FailureGroup[]): Html {
  const titles = COLUMNS.map((key) => html`<th scope="col">${visit.locale.t(key)}</th>`)
  return html`<table class="failures"><thead><tr>${titles}</tr></thead><tbody>${groups.map((group) => row(visit, group))}</tbody></table>`
}

function row(visit: Visit, { job, error, message, retries, dead, firstMs, lastMs }: FailureGroup): Html {
  const { locale, urls } = visit
  const count = (set: string, amount: number) =>
    amount === 0
      ? locale.number(0)
      : html`<a href="${urls.to(`/${set}`, { class: job, error })}">${locale.number(amount)}</a>`
  return html`<tr><th scope="row">${job || locale.t('noJob')}</th>
<td class="error" dir="auto"><b>${error}</b> ${message.slice(0, 200)}</td>
<td>${count('retries', retries)}</td><td>${count('dead', dead)}</td>
<td>${instant(visit, firstMs)}</td><td>${instant(visit, lastMs)}</td></tr>
`
}
