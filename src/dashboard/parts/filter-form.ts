import { type Filter, isEmpty } from '../filter.ts'
import { type Html, html } from '../html.ts'
import type { Found } from '../look.ts'
import type { ShownPlace } from '../place.ts'
import type { Visit } from '../visit.ts'

const FIELDS = ['q', 'class', 'queue', 'error', 'tag'] as const

/** Narrows a list. A GET form: the filter is in the address, to be kept and sent on. */
export function filterForm({ locale, urls, here }: Visit, place: ShownPlace, filter: Filter): Html {
  const shown = FIELDS.filter((name) => place.is !== 'queue' || name !== 'queue')
  const fields = shown.map(
    (
      name,
    ) => html`<label>${locale.t(`filter_${name}`)} <input type="${name === 'q' ? 'search' : 'text'}" name="${name}" value="${filter[name]}"></label>
`,
  )
  return html`<form class="filter" method="get" action="${urls.to(place.path)}" role="search">
${stickyFields(here.parameters)}${fields}<button>${locale.t('filter')}</button>
${!isEmpty(filter) && html`<a href="${urls.to(place.path)}">${locale.t('filterClear')}</a>`}
</form>`
}

/** A GET form drops what its address had: what goes along wherever one goes must be a field. */
function stickyFields(parameters: URLSearchParams): Html[] {
  return ['lang', 'theme'].flatMap((name) => {
    const value = parameters.get(name)
    return value ? [html`<input type="hidden" name="${name}" value="${value}">`] : []
  })
}

/** Says when a list is only what was found among the jobs that one page may look at, and leads on. */
export function boundNote(
  { locale, urls, cursors }: Visit,
  place: ShownPlace,
  filter: Filter,
  found: Found,
): Html | undefined {
  if (found.looked === undefined) return undefined
  const { looked, total, cursor } = found
  const further =
    cursor !== undefined &&
    html` <a rel="next" href="${urls.to(place.path, { ...filter, from: cursors.keep(cursor) })}">${locale.t('lookFurther')}</a>`
  return html`<p class="bound">${locale.t('lookedAt', { looked, total })}${further}</p>`
}
