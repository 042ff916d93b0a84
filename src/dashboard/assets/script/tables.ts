import { findAll, type Page } from './page.ts'

/** Fewer columns fit anywhere. */
const MANY_COLUMNS = 4

/**
 * Lets wide tables become cards on narrow pages: each cell knows the name of its column. What is shown as a block is no
 * table to screen readers any more, so the roles are said.
 */
export function dressTables(_: Page, within: ParentNode): void {
  for (const table of findAll(within, 'table:not(.histogram, .stacked)')) {
    const titles = findAll(table, 'thead tr > *').map(({ textContent }) => textContent?.trim() ?? '')
    if (titles.length < MANY_COLUMNS) continue
    table.classList.add('stacked')
    nameRoles(table)
    for (const row of findAll(table, 'tbody tr')) nameCells(row, titles)
  }
}

function nameRoles(table: HTMLElement): void {
  table.role = 'table'
  for (const part of findAll(table, 'thead, tbody')) part.role = 'rowgroup'
  for (const row of findAll(table, 'tr')) row.role = 'row'
  for (const cell of findAll(table, 'td')) cell.role = 'cell'
  for (const header of findAll(table, 'th'))
    header.role = header.getAttribute('scope') === 'row' ? 'rowheader' : 'columnheader'
}

function nameCells(row: HTMLElement, titles: readonly string[]): void {
  for (const [index, cell] of [...row.children].entries())
    if (cell instanceof HTMLElement && titles[index] && cell.matches('td:not(:has(> input))'))
      cell.dataset.label = titles[index]
}
