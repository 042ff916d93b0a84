import { documentOf, find, findAll, make, type Page, showMain } from './page.ts'

/**
 * Brings what is listed up to date without moving anything: rows that are still there get their new cells, rows that are
 * gone fade, and new ones wait behind a button that tells how many.
 */
export async function renew(page: Page): Promise<void> {
  const answer = await page.ask(page.address())
  const main = find(page.root, 'main')
  if (answer.status !== 200 || !main || page.signal.aborted) return
  const other = documentOf(answer)
  renewCharts(page, main, other)
  const rows = rowsOf(main)
  const others = rowsOf(other)
  for (const [key, row] of rows) renewRow(page, row, others.get(key))
  offer(page, main, [...others.keys()].filter((key) => !rows.has(key)).length)
}

const rowsOf = (within: ParentNode): Map<string, HTMLElement> =>
  new Map(findAll(within, 'main tr[data-key]').map((row) => [keyOf(row), row]))

/** A page may have a table of jobs beside one of workers, and each may call its rows the same. */
const keyOf = (row: HTMLElement): string => `${row.closest('table')?.classList[0]} ${row.dataset.key}`

function renewRow(page: Page, row: HTMLElement, other: HTMLElement | undefined): void {
  row.classList.toggle('gone', !other)
  row.inert = !other
  for (const [index, cell] of [...row.children].entries()) {
    const its = other?.children[index]
    // A box may be ticked, and a button half pressed.
    if (!its || cell.querySelector('input, button') || cell.textContent === its.textContent) continue
    cell.replaceChildren(...its.childNodes)
    page.dress(cell)
  }
}

function renewCharts(page: Page, main: HTMLElement, other: Document): void {
  const others = findAll(other, '[data-chart]')
  for (const [index, chart] of findAll(main, '[data-chart]').entries()) {
    const its = others[index]
    if (!its || its.dataset.series === chart.dataset.series || chart.matches(':hover, :focus-within')) continue
    chart.replaceWith(its)
    page.dress(its.parentElement ?? main)
  }
}

function offer(page: Page, main: HTMLElement, count: number): void {
  find(main, '.newer')?.remove()
  if (count === 0) return
  const text = page.words.say('page_newer', { count })
  const button = make('button', { type: 'button' }, text)
  button.onclick = async () => {
    button.disabled = true
    showMain(page, documentOf(await page.ask(page.address())))
  }
  main.prepend(make('div', { className: 'newer' }, button))
}
