import { findAll, type Page } from './page.ts'

const ROLES = { table: 'table', thead: 'rowgroup', tbody: 'rowgroup', tr: 'row', td: 'cell' } as const

/**
 * Lets wide tables become cards on narrow pages: each cell knows the name of its column. What is shown as a block is no
 * table to screen readers any more, so the roles are said.
 */
export function dressTables(_: Page, within: ParentNode): void {
  for (const table of findAll<HTMLTableElement>(within, 'table:not(.histogram, .stacked)')) {
    const titles = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent?.trim() ?? '')
    if (titles.length < 4) continue
    table.classList.add('stacked')
    for (const [name, role] of Object.entries(ROLES))
      for (const element of [table, ...findAll(table, '*')])
        if (element.localName === name) element.setAttribute('role', role)
    for (const header of findAll(table, 'th'))
      header.setAttribute('role', header.getAttribute('scope') === 'row' ? 'rowheader' : 'columnheader')
    for (const row of table.tBodies[0]?.rows ?? [])
      for (const [index, cell] of [...row.cells].entries())
        if (cell.localName === 'td' && titles[index] && !cell.querySelector('input[type=checkbox]'))
          cell.dataset.label = titles[index]
  }
}
