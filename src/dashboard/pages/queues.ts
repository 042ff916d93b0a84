import type { QueueState, WorkerState } from '../../storage.ts'
import { type Html, html } from '../html.ts'
import { PAGE_SIZE } from '../look.ts'
import { whole } from '../parameters.ts'
import { pager } from '../parts/pager.ts'
import { queueButtons } from '../parts/queue-controls.ts'
import { warnings, worryOf } from '../parts/warnings.ts'
import { QUEUE_NAME } from '../place.ts'
import { type Route, route } from '../route.ts'
import { at } from '../urls.ts'
import type { Visit } from '../visit.ts'

/** All queues: how much waits, for how long, and who listens. */
export const queues: Route = route({
  method: 'GET',
  path: '/queues',
  may: 'look',
  takes: { page: whole(1, 1_000_000, 1) },
  async answer(visit, { page }) {
    const { app, locale } = visit
    const [all, workers] = await Promise.all([app.queues(), app.workers()])
    const shown = all.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
    return {
      title: locale.t('nav_queues'),
      under: 'queues',
      body: html`${warnings(visit, all, workers)}
${shown.length === 0 ? html`<p class="empty">${locale.t('noQueues')}</p>` : table(visit, shown, workers)}
${pager(visit, '/queues', page, all.length)}`,
    }
  },
})

function table(visit: Visit, queues: readonly QueueState[], workers: readonly WorkerState[]): Html {
  const { locale } = visit
  const titles = (['column_queue', 'column_size', 'column_latency', 'column_listeners', 'column_actions'] as const).map(
    (key) => html`<th scope="col">${locale.t(key)}</th>`,
  )
  return html`<table class="queues"><thead><tr>${titles}</tr></thead>
<tbody>${queues.map((queue) => row(visit, queue, workers))}</tbody></table>`
}

function row(visit: Visit, queue: QueueState, workers: readonly WorkerState[]): Html {
  const { locale, urls, settings } = visit
  const { name, size, latencyMs, paused } = queue
  const hasPage = QUEUE_NAME.test(name)
  const title = hasPage ? html`<a href="${urls.to(at`/queues/${name}`)}">${name}</a>` : name
  const listeners = workers.filter(({ queues }) => queues.includes(name)).length
  const worry = worryOf(queue, workers, settings.lateAfterMs)
  return html`<tr data-key="${name}"><th scope="row">${title}${paused && html` <strong class="paused">${locale.t('paused')}</strong>`}</th>
<td data-live="queue:${name}:size">${locale.number(size)}</td>
<td data-live="queue:${name}:latency" class="${worry === 'late' ? 'late' : ''}">${locale.duration(latencyMs)}</td>
<td class="${worry === 'unheard' ? 'unheard' : ''}">${locale.number(listeners)}</td>
<td>${hasPage && queueButtons(visit, name, paused)}</td></tr>
`
}
