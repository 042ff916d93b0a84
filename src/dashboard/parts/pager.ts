import { type Html, html } from '../html.ts'
import { PAGE_SIZE } from '../look.ts'
import type { Visit } from '../visit.ts'

/** Links to the pages beside this one. Nothing where one page is all. */
export function pager({ locale, urls }: Visit, path: string, page: number, total: number): Html | undefined {
  const last = Math.max(1, Math.ceil(total / PAGE_SIZE))
  if (last === 1 && page === 1) return undefined
  const link = (to: number, rel: string, label: string) =>
    html`<a rel="${rel}" href="${urls.to(path, { page: to === 1 ? undefined : to })}">${label}</a>`
  return html`<nav class="pager" aria-label="${locale.t('pages')}">
${page > 1 && link(1, 'first', locale.t('firstPage'))} ${page > 1 && link(Math.min(page - 1, last), 'prev', locale.t('previousPage'))}
<span>${locale.t('pageOf', { page, last })}</span>
${page < last && link(page + 1, 'next', locale.t('nextPage'))} ${page < last && link(last, 'last', locale.t('lastPage'))}
</nav>`
}
