import type { StoredJob } from '../../inspect/stored-job.ts'
import { instantMs } from '../../payload.ts'
import { tagsOf } from '../filter.ts'
import { type Content, type Html, html } from '../html.ts'
import { actionsOf } from '../job-actions.ts'
import type { PlainKey } from '../locale.ts'
import { findJob, rowId } from '../look.ts'
import { type Parameter, text, whole } from '../parameters.ts'
import { instant } from '../parts/instant.ts'
import { argsShown, isParked, jobName, payloadShown } from '../payload-view.ts'
import { ofBoth, type ShownPlace } from '../place.ts'
import type { Page, Route } from '../route.ts'
import type { Visit } from '../visit.ts'
import { titleOf } from './jobs.ts'
import { problem } from './problem.ts'

/** What says which job is meant: its row, its jid in case that it has moved, and the page where it was seen. */
export const aJob: { id: Parameter<string>; jid: Parameter<string>; page: Parameter<number> } = {
  id: text(14),
  jid: text(300),
  page: whole(1, 1_000_000_000, 1),
}

/** A job: what it is, what became of it, and what can be done. */
export const job: readonly Route[] = ofBoth({
  method: 'GET',
  path: '/job',
  may: 'look',
  takes: aJob,
  async answer(visit, place, { id, jid, page }) {
    const found = await findJob(place, id, jid, page)
    return found ? jobPage(visit, place, found, page) : problem(visit, 404, 'jobGone')
  },
})

/** `complaint` says why the arguments of a copy were not taken, and `typed` is what they were. */
export async function jobPage(
  visit: Visit,
  place: ShownPlace,
  job: StoredJob,
  page: number,
  copy?: { readonly typed: string; readonly complaint: string },
): Promise<Page> {
  const { locale, urls, settings } = visit
  const args = argsShown(job, settings.redact)
  return {
    title: jobName(job) || locale.t('noJob'),
    under: place.section,
    ...(copy ? { status: 422 } : {}),
    body: html`<p><a href="${urls.to(place.path, { page: page === 1 ? undefined : page })}">${titleOf(visit, place)}</a></p>
${!job.payload && html`<p class="warning">${locale.t('notAJob')}</p>`}
${facts(visit, place, job)}
${buttons(visit, place, job, page)}
<section aria-labelledby="args"><h2 id="args">${locale.t('args')}</h2>
<pre class="args" dir="ltr" tabindex="0"><code>${args.text}</code></pre>
${args.isRedacted && html`<p class="note">${locale.t('redacted')}</p>`}</section>
${await failure(visit, job)}
${timeline(visit, place, job)}
${copyForm(visit, place, job, page, copy)}
<details><summary>${locale.t('wholePayload')}</summary><pre dir="ltr" tabindex="0"><code>${payloadShown(job, settings.redact).text}</code></pre></details>`,
  }
}

function facts({ locale }: Visit, place: ShownPlace, job: StoredJob): Html {
  const retry: unknown = job.payload?.retry
  const retryCount: unknown = job.payload?.retry_count
  const all: [PlainKey, Content][] = [
    ['fact_jid', html`<code dir="ltr">${job.jid}</code>`],
    ['column_queue', job.queue],
    ['fact_place', place.is === 'queue' ? locale.t('nav_queues') : locale.t(`nav_${place.is}`)],
    ['column_retryCount', typeof retryCount === 'number' && locale.number(retryCount + 1)],
    ['fact_retry', typeof retry === 'number' ? locale.number(retry) : String(retry ?? '')],
    ['fact_tags', tagsOf(job).map((tag) => html`<span class="tag">${tag}</span> `)],
  ]
  const shown = all.filter(
    ([, value]) => value !== false && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
  return html`<dl class="facts">${shown.map(
    ([key, value]) => html`<div><dt>${locale.t(key)}</dt><dd>${value}</dd></div>
`,
  )}</dl>`
}

function buttons({ locale, urls, visitor }: Visit, place: ShownPlace, job: StoredJob, page: number): Html {
  const actions = actionsOf(place, visitor).map(
    (action) =>
      html`<button class="${action}" formaction="${urls.to(`${place.path}/${action}`)}">${locale.t(`${action}_one`)}</button> `,
  )
  const canReschedule = (place.is === 'retries' || place.is === 'scheduled') && visitor.may.has('reschedule')
  const which = html`<input type="hidden" name="page" value="${page}">`
  return html`${
    actions.length > 0 &&
    html`<form method="post" class="actions" action="${urls.to(`${place.path}/delete`)}">${which}<input type="hidden" name="job" value="${rowId(job)}">
${actions}</form>`
  }
${
  canReschedule &&
  html`<form method="post" class="actions" action="${urls.to(`${place.path}/reschedule`)}">${which}<input type="hidden" name="id" value="${rowId(job)}"><input type="hidden" name="jid" value="${job.jid}">
<label>${locale.t('rescheduleIn')} <input type="number" name="amount" min="0" max="100000" value="1" required></label>
<label><span class="hidden">${locale.t('unit')}</span> <select name="unit">
${(['m', 'h', 'd'] as const).map((unit) => html`<option value="${unit}">${locale.t(`unit_${unit}`)}</option>`)}</select></label>
<button>${locale.t('reschedule')}</button></form>`
}`
}

async function failure({ locale }: Visit, job: StoredJob): Promise<Html | undefined> {
  if (!job.error) return undefined
  const lines = (await job.backtrace()).slice(0, MOST_LINES)
  const stack = lines.join('\n').slice(0, LONGEST_STACK)
  return html`<section aria-labelledby="error"><h2 id="error">${locale.t('column_error')}</h2>
<p class="error" dir="auto"><b>${job.error.class}</b> ${job.error.message.slice(0, LONGEST_MESSAGE)}</p>
${stack ? html`<pre class="backtrace" dir="ltr" tabindex="0"><code>${stack}</code></pre>` : html`<p class="note">${locale.t('noBacktrace')}</p>`}</section>`
}

const MOST_LINES = 500
const LONGEST_MESSAGE = 10_000
/** What is stored is deflated: a short payload may hold a line of a hundred megabytes. */
const LONGEST_STACK = 100_000

/** What happened to it and what will, in order. */
function timeline(visit: Visit, place: ShownPlace, job: StoredJob): Html {
  const { locale } = visit
  const at = isParked(job) ? undefined : job.at?.getTime()
  const moments: [PlainKey, number | undefined][] = [
    ['moment_created', instantMs(job.payload?.created_at)],
    ['moment_enqueued', instantMs(job.payload?.enqueued_at)],
    ['moment_firstFailed', instantMs(job.payload?.failed_at)],
    ['moment_lastFailed', instantMs(job.payload?.retried_at)],
    [place.is === 'dead' ? 'column_died' : place.is === 'retries' ? 'column_nextTry' : 'column_due', at],
    ['moment_expires', instantMs(job.payload?.expires_at)],
  ]
  const known = moments.filter((moment): moment is [PlainKey, number] => moment[1] !== undefined)
  const items = known
    .sort(([, a], [, b]) => a - b)
    .map(
      ([key, atMs]) => html`<li>${locale.t(key)} ${instant(visit, atMs)}</li>
`,
    )
  return html`<section aria-labelledby="timeline"><h2 id="timeline">${locale.t('timeline')}</h2><ol class="timeline">${items}${isParked(job) && html`<li>${locale.t('waitsForNetwork')}</li>`}</ol></section>`
}

function copyForm(
  { locale, urls, visitor, settings }: Visit,
  place: ShownPlace,
  job: StoredJob,
  page: number,
  copy: { readonly typed: string; readonly complaint: string } | undefined,
): Html | undefined {
  if (!job.payload || !visitor.may.has('enqueue')) return undefined
  const args = argsShown(job, settings.redact)
  // What is hidden or cut cannot be edited: what came back would be the mark, and not the value.
  const canEdit = !args.isRedacted && !args.isCut
  return html`<section aria-labelledby="copy"><h2 id="copy">${locale.t('copyTitle')}</h2>
<form method="post" action="${urls.to(`${place.path}/copy`)}">
<input type="hidden" name="page" value="${page}"><input type="hidden" name="id" value="${rowId(job)}"><input type="hidden" name="jid" value="${job.jid}">
${
  canEdit
    ? html`<label for="copy-args">${locale.t('copyArgs')}</label>
<textarea id="copy-args" name="args" rows="6" dir="ltr" spellcheck="false">
${copy?.typed ?? args.text}</textarea>`
    : html`<p class="note">${locale.t('copyAsIs')}</p>`
}
${copy && html`<p class="warning" role="alert">${copy.complaint}</p>`}
<button>${locale.t('copy')}</button></form></section>`
}
