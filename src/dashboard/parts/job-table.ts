import type { StoredJob } from '../../inspect/stored-job.ts'
import { tagsOf } from '../filter.ts'
import { type Content, type Html, html } from '../html.ts'
import type { PlainKey } from '../locale.ts'
import { rowId } from '../look.ts'
import { argsPreview, isParked, jobName } from '../payload-view.ts'
import type { ShownPlace } from '../place.ts'
import type { Visit } from '../visit.ts'
import { instant } from './instant.ts'

interface Column {
  readonly title: PlainKey
  readonly cell: (visit: Visit, job: StoredJob) => Content
}

const QUEUE: Column = { title: 'column_queue', cell: (_, job) => job.queue }
const JOB_ARGS: Column = {
  title: 'column_args',
  cell: ({ settings }, job) => html`<code class="args" dir="ltr">${argsPreview(job, settings.redact)}</code>`,
}
const ERROR: Column = {
  title: 'column_error',
  cell: (_, { error }) =>
    error && html`<span class="error" dir="auto"><b>${error.class}</b> ${error.message.slice(0, 200)}</span>`,
}
const at = (title: PlainKey): Column => ({ title, cell: dueOf })
const RETRIES: Column = {
  title: 'column_retryCount',
  cell: ({ locale }, { payload }) => typeof payload?.retry_count === 'number' && locale.number(payload.retry_count + 1),
}

const COLUMNS: Readonly<Record<ShownPlace['is'], readonly Column[]>> = {
  queue: [JOB_ARGS, { title: 'column_enqueued', cell: (visit, job) => instant(visit, job.enqueuedAt) }],
  scheduled: [at('column_due'), QUEUE, JOB_ARGS],
  retries: [at('column_nextTry'), RETRIES, QUEUE, JOB_ARGS, ERROR],
  dead: [at('column_died'), QUEUE, JOB_ARGS, ERROR],
}

/** A job that waits for the network lies at the far end of the scheduled set: its time there means nothing. */
function dueOf(visit: Visit, job: StoredJob): Content {
  return isParked(job) ? visit.locale.t('waitsForNetwork') : instant(visit, job.at)
}

/** Jobs of a place, each with a box to select it where the visitor may do something with them. */
export function jobTable(
  visit: Visit,
  place: ShownPlace,
  jobs: readonly StoredJob[],
  page: number,
  canSelect: boolean,
): Html {
  const { locale, urls } = visit
  const columns = COLUMNS[place.is]
  const rows = jobs.map((job) => {
    const id = rowId(job)
    const name = jobName(job) || locale.t('noJob')
    const address = urls.to(`${place.path}/job`, { id, jid: job.jid, page })
    const box = html`<td><input type="checkbox" name="job" value="${id}" aria-label="${locale.t('selectJob', { name, jid: job.jid })}"></td>`
    const tags = tagsOf(job).map((tag) => html` <span class="tag">${tag}</span>`)
    const cells = columns.map(({ cell }) => html`<td>${cell(visit, job)}</td>`)
    return html`<tr data-key="${id}">${canSelect && box}<th scope="row"><a href="${address}">${name}</a>${tags}</th>${cells}</tr>
`
  })
  return html`<table class="jobs">
<thead><tr>${canSelect && html`<td><span class="hidden">${locale.t('select')}</span></td>`}<th scope="col">${locale.t('column_job')}</th>${columns.map(({ title }) => html`<th scope="col">${locale.t(title)}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table>`
}
