import { type Filter, filterOf, filterParameters } from '../filter.ts'
import { actOn, DONE, isAsked, type JobAction } from '../job-actions.ts'
import { countMatches, findRows } from '../look.ts'
import { titleOf } from '../pages/jobs.ts'
import { choice, type Given, matching, several, text, whole } from '../parameters.ts'
import { ask } from '../parts/ask.ts'
import { ofBoth, ofSets, type ShownPlace } from '../place.ts'
import type { Done, Page, Route } from '../route.ts'
import type { Visit } from '../visit.ts'

/** More than any page of ours shows. */
const MOST_SELECTED = 1_000

const takes = {
  /** Those that were selected, or all that match. */
  scope: choice('selected', 'all'),
  job: several(matching(/^[0-9a-f]{1,14}$/, 'the id of a row'), MOST_SELECTED),
  page: whole(1, 1_000_000_000, 1),
  /** The name of the cursor from which they were found. */
  from: text(14),
  sure: choice('', 'yes'),
  ...filterParameters,
} as const

/** Retry, kill and delete: for what was selected, and for all that match. */
export const jobActions: readonly Route[] = [
  ...ofBoth({ method: 'POST', path: '/delete', may: 'delete', takes, answer: doing('delete') }),
  ...ofSets({ method: 'POST', path: '/retry', may: 'retry', takes, answer: doing('retry') }),
  ...ofSets({ method: 'POST', path: '/kill', may: 'kill', takes, answer: doing('kill') }),
]

function doing(
  action: JobAction,
): (visit: Visit, place: ShownPlace, given: Given<typeof takes>) => Promise<Page | Done> {
  return async (visit, place, given) => {
    const filter = filterOf(given)
    return given.scope === 'all'
      ? doToAll(visit, place, action, filter, given.sure === 'yes')
      : doToSelected(visit, place, action, { ...given, filter })
  }
}

interface Selection {
  readonly job: readonly string[]
  readonly page: number
  readonly from: string
  readonly filter: Filter
  readonly sure: string
}

/** By their keys: what has moved on meanwhile is left alone, and nobody else's job is taken for it. */
async function doToSelected(
  visit: Visit,
  place: ShownPlace,
  action: JobAction,
  given: Selection,
): Promise<Page | Done> {
  const { locale, urls } = visit
  const { job: ids, page, from, filter, sure } = given
  const back = urls.to(place.path, { page: page === 1 ? undefined : page, from, ...filter })
  if (ids.length > 0 && isAsked(action) && sure === '') {
    return ask(visit, {
      title: titleOf(visit, place),
      under: place.section,
      sentence: locale.t(`ask_${action}`, { count: ids.length }),
      button: locale.t(`${action}_selected`),
      action: urls.to(`${place.path}/${action}`),
      fields: [...ids.map((id) => ['job', id] as const), ...fieldsOf({ page, from, ...filter })],
      back,
    })
  }
  const jobs = await findRows(place, ids, { page, filter, cursor: visit.cursors.find(from) })
  const count = await actOn(place, action, jobs)
  return { done: DONE[action], count, about: { place: place.path, jids: jobs.map(({ jid }) => jid) }, goTo: back }
}

/** Always asks: nobody sees all of them on one page. */
async function doToAll(
  visit: Visit,
  place: ShownPlace,
  action: JobAction,
  filter: Filter,
  isSure: boolean,
): Promise<Page | Done> {
  const { locale, urls, bulks, caller, settings } = visit
  if (!isSure) {
    const { count, isAll } = await countMatches(place, filter, settings.redact)
    return ask(visit, {
      title: titleOf(visit, place),
      under: place.section,
      sentence: isAll ? locale.t(`ask_${action}`, { count }) : locale.t(`askAtLeast_${action}`, { count }),
      button: locale.t(`${action}_all`),
      action: urls.to(`${place.path}/${action}`),
      fields: [['scope', 'all'], ...fieldsOf({ ...filter })],
      back: urls.to(place.path, { ...filter }),
    })
  }
  const total = await place.jobs.size()
  const { bulk, over } = bulks.start({ place, action, filter, redact: settings.redact, total })
  const goTo = urls.to(`/bulk/${bulk.id}`)
  const about = { place: place.path, action, filter: Object.fromEntries(fieldsOf({ ...filter })), bulk: bulk.id }
  if (!over) return { done: 'done_bulkRuns', count: bulk.changed, about, goTo }
  caller.waitUntil?.(over)
  return { done: 'done_bulkStarted', count: total, about, goTo }
}

const fieldsOf = (given: Readonly<Record<string, string | number>>): (readonly [string, string | number])[] =>
  Object.entries(given).filter(([, value]) => value !== '')
