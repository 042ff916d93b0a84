import { type Filter, filterOf, filterParameters, isEmpty } from '../filter.ts'
import { type Html, html } from '../html.ts'
import { actionsOf } from '../job-actions.ts'
import { type Found, lookAtPage, lookFor } from '../look.ts'
import { text, whole } from '../parameters.ts'
import { boundNote, filterForm } from '../parts/filter-form.ts'
import { jobTable } from '../parts/job-table.ts'
import { pager } from '../parts/pager.ts'
import { queueControls } from '../parts/queue-controls.ts'
import { ofBoth, type ShownPlace } from '../place.ts'
import type { Route } from '../route.ts'
import type { Visit } from '../visit.ts'

/** The jobs of a queue or a set: a page of all, or those that fit a filter. */
export const jobs: readonly Route[] = ofBoth({
  method: 'GET',
  path: '',
  may: 'look',
  takes: { page: whole(1, 1_000_000_000, 1), from: text(14), ...filterParameters },
  async answer(visit, place, { page, from, ...given }) {
    const filter = filterOf(given)
    const found = isEmpty(filter)
      ? await lookAtPage(place, page)
      : await lookFor(place, filter, visit.settings.redact, visit.cursors.find(from))
    return {
      title: titleOf(visit, place),
      under: place.section,
      body: html`${place.is === 'queue' && (await queueControls(visit, place.queue))}
${filterForm(visit, place, filter)}
${list(visit, place, found, { page, from, filter })}`,
    }
  },
})

export function titleOf({ locale }: Visit, place: ShownPlace): string {
  return place.is === 'queue' ? locale.t('queueTitle', { queue: place.queue }) : locale.t(`nav_${place.is}`)
}

interface Asked {
  readonly page: number
  readonly from: string
  readonly filter: Filter
}

function list(visit: Visit, place: ShownPlace, found: Found, { page, from, filter }: Asked): Html {
  const { locale, urls, visitor } = visit
  const note = boundNote(visit, place, filter, found)
  if (found.jobs.length === 0)
    return html`<p class="empty">${locale.t(isEmpty(filter) ? 'noJobs' : 'noneFit')}</p>${note}`
  const actions = actionsOf(place, visitor)
  const buttons = (scope: 'selected' | 'all') =>
    actions.map((action) => {
      const address = urls.to(`${place.path}/${action}`)
      return html`<button name="scope" value="${scope}" formaction="${address}" class="${action}">${locale.t(`${action}_${scope}`)}</button> `
    })
  const context = Object.entries({ page, from, ...filter }).flatMap(([name, value]) =>
    value === '' ? [] : [html`<input type="hidden" name="${name}" value="${value}">`],
  )
  const count = isEmpty(filter)
    ? locale.t('countJobs', { count: found.total })
    : locale.t('countFound', { count: found.jobs.length })
  return html`<p class="total">${count}</p>
<form method="post" action="${urls.to(`${place.path}/${actions[0] ?? 'delete'}`)}" class="list">
${context}
${jobTable(visit, place, found.jobs, page, actions.length > 0)}
${
  actions.length > 0 &&
  html`<div class="actions"><div role="group" aria-label="${locale.t('withSelected')}">${buttons('selected')}</div>
<div role="group" aria-label="${locale.t('withAll')}">${buttons('all')}</div></div>`
}
</form>
${note}
${isEmpty(filter) && pager(visit, place.path, page, found.total)}`
}
