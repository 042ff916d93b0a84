import type { Bulk } from '../bulk.ts'
import { type Html, html } from '../html.ts'
import type { JobAction } from '../job-actions.ts'
import { matching } from '../parameters.ts'
import { type Route, route } from '../route.ts'
import type { Visit } from '../visit.ts'
import { titleOf } from './jobs.ts'
import { problem } from './problem.ts'

const id = matching(/^[0-9a-f]{24}$/, 'the id of a bulk action')

/** How far a bulk action has come. Loads itself anew until it is over. */
export const bulkPage: Route = route({
  method: 'GET',
  path: '/bulk/:id',
  may: 'look',
  takes: { id },
  answer(visit, given) {
    const bulk = visit.bulks.find(given.id)
    if (!bulk) return problem(visit, 404, 'notFound')
    return {
      title: titleOf(visit, bulk.place),
      under: bulk.place.section,
      ...(bulk.state === 'running' ? { refresh: 1 } : {}),
      body: progress(visit, bulk),
    }
  },
})

/** Whoever may do it to many may stop it. What was done stays done. */
const stopping = (action: JobAction): Route =>
  route({
    method: 'POST',
    path: `/bulk/:id/stop-${action}`,
    may: action,
    takes: { id },
    answer(visit, given) {
      const bulk = visit.bulks.find(given.id)
      if (bulk?.action !== action) return problem(visit, 404, 'notFound')
      visit.bulks.stop(bulk)
      const about = { place: bulk.place.path, bulk: bulk.id }
      return { done: 'done_bulkStopped', count: bulk.changed, about, goTo: visit.urls.to(`/bulk/${bulk.id}`) }
    },
  })

export const stopBulk: readonly Route[] = (['retry', 'kill', 'delete'] as const).map(stopping)

function progress({ locale, urls, visitor }: Visit, bulk: Bulk): Html {
  const { state, action, looked, total, changed, place } = bulk
  const isRunning = state === 'running'
  return html`<p>${locale.t(`bulk_${state}`)}</p>
<p><progress max="${Math.max(1, total)}" value="${isRunning ? looked : total}" aria-label="${locale.t('bulkProgress')}"></progress></p>
<p>${locale.t(`bulk_${action}`, { count: changed })}</p>
${
  isRunning &&
  visitor.may.has(action) &&
  html`<form method="post" action="${urls.to(`/bulk/${bulk.id}/stop-${action}`)}"><button>${locale.t('stopBulk')}</button></form>`
}
<p><a href="${urls.to(place.path)}">${locale.t('backToList')}</a></p>`
}
