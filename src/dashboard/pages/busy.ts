import { StoredJob } from '../../inspect/stored-job.ts'
import type { RunningJob, WorkerState } from '../../storage.ts'
import { type Html, html } from '../html.ts'
import { PAGE_SIZE } from '../look.ts'
import { whole } from '../parameters.ts'
import { instant } from '../parts/instant.ts'
import { pager } from '../parts/pager.ts'
import { argsPreview, jobName } from '../payload-view.ts'
import { type Route, route } from '../route.ts'
import type { Visit } from '../visit.ts'

/** Running jobs that are shown; a hundred workers of a hundred slots have more than anybody reads. */
const MOST_RUNNING = 200

/** Who works, and at what. */
export const busy: Route = route({
  method: 'GET',
  path: '/busy',
  may: 'look',
  takes: { page: whole(1, 1_000_000, 1) },
  async answer(visit, { page }) {
    const { app, locale } = visit
    const all = await app.workers()
    const shown = all.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
    const running = all.flatMap((worker) => worker.running.map((run) => ({ worker, run })))
    return {
      title: locale.t('nav_busy'),
      under: 'busy',
      body: html`<section aria-labelledby="running"><h2 id="running">${locale.t('runningJobs')}</h2>
${running.length === 0 ? html`<p class="empty">${locale.t('nothingRuns')}</p>` : runningTable(visit, running.slice(0, MOST_RUNNING))}
${running.length > MOST_RUNNING && html`<p class="bound">${locale.t('firstOf', { shown: MOST_RUNNING, total: running.length })}</p>`}</section>
<section aria-labelledby="workers"><h2 id="workers">${locale.t('counter_workers')}</h2>
${all.length === 0 ? html`<p class="empty">${locale.t('noWorkers')}</p>` : workerTable(visit, shown)}
${pager(visit, '/busy', page, all.length)}</section>`,
    }
  },
})

interface Running {
  readonly worker: WorkerState
  readonly run: RunningJob
}

function runningTable(visit: Visit, running: readonly Running[]): Html {
  const { locale } = visit
  const titles = (
    ['column_job', 'column_queue', 'column_args', 'column_started', 'column_progress', 'column_worker'] as const
  ).map((key) => html`<th scope="col">${locale.t(key)}</th>`)
  const canCancel = visit.visitor.may.has('cancel')
  return html`<table class="running"><thead><tr>${titles}${canCancel && html`<td></td>`}</tr></thead>
<tbody>${running.map((each) => runningRow(visit, each, canCancel))}</tbody></table>`
}

function runningRow(visit: Visit, { worker, run }: Running, canCancel: boolean): Html {
  const { clock, locale, settings, urls } = visit
  const job = new StoredJob({ key: '', text: run.text, at: undefined })
  const { jid } = job
  return html`<tr data-key="${jid}"><th scope="row">${jobName(job) || locale.t('noJob')}<br><code dir="ltr">${jid}</code></th>
<td>${run.queue}</td><td><code class="args" dir="ltr">${argsPreview(job, settings.redact)}</code></td>
<td><span data-since="${run.startedAt}">${locale.duration(Math.max(0, clock.now() - run.startedAt))}</span></td>
<td>${progressOf(visit, run)}</td><td>${worker.worker}</td>
${canCancel && html`<td>${jid && html`<form method="post" action="${urls.to('/busy/cancel')}"><input type="hidden" name="jid" value="${jid}"><button class="delete">${locale.t('cancel')}</button></form>`}</td>`}</tr>
`
}

function progressOf({ locale }: Visit, { progress }: RunningJob): Html | undefined {
  if (!progress) return undefined
  const { done, total, note } = progress
  const bar =
    total !== undefined && total > 0
      ? html`<progress max="${total}" value="${Math.min(done, total)}" aria-label="${locale.t('column_progress')}"></progress> ${locale.percent(Math.min(1, done / total))}`
      : locale.number(done)
  return html`${bar}${note !== undefined && html` <span class="note" dir="auto">${note.slice(0, 200)}</span>`}`
}

function workerTable(visit: Visit, workers: readonly WorkerState[]): Html {
  const { locale } = visit
  const titles = (
    ['column_worker', 'column_started', 'column_beat', 'column_queues', 'column_slots', 'column_actions'] as const
  ).map((key) => html`<th scope="col">${locale.t(key)}</th>`)
  return html`<table class="workers"><thead><tr>${titles}</tr></thead>
<tbody>${workers.map((worker) => workerRow(visit, worker))}</tbody></table>`
}

function workerRow(visit: Visit, worker: WorkerState): Html {
  const { locale, urls, visitor } = visit
  const buttons =
    visitor.may.has('workers') &&
    html`<form method="post" class="actions" action="${urls.to('/busy/signal')}"><input type="hidden" name="worker" value="${worker.worker}">
${!worker.quiet && html`<button name="signal" value="quiet">${locale.t('quiet')}</button>`} <button name="signal" value="stop" class="delete">${locale.t('stop')}</button></form>`
  return html`<tr data-key="${worker.worker}"><th scope="row">${worker.worker}${worker.tag && html` <span class="tag">${worker.tag}</span>`}${worker.labels.map((label) => html` <span class="tag">${label}</span>`)}${worker.quiet && html` <strong class="quiet">${locale.t('isQuiet')}</strong>`}${worker.standby && html` <strong class="quiet">${locale.t('isStandby')}</strong>`}</th>
<td>${instant(visit, worker.startedAt)}</td><td>${instant(visit, worker.beatAt)}</td>
<td>${worker.queues.slice(0, 50).join(', ')}</td>
<td>${locale.t('slots', { busy: worker.running.length, slots: worker.concurrency })}</td><td>${buttons}</td></tr>
`
}
