import { find, findAll, make, type Page } from './page.ts'

/** The numbers of a chart, oldest first, with a day ('2026-01-31') or an instant for each. */
interface Series {
  readonly days?: readonly string[]
  readonly at?: readonly (number | string)[]
  readonly processed: readonly number[]
  readonly failed: readonly number[]
}

/** Lets a chart be read: by the pointer, and by the arrow keys as a slider that says its values. */
export function dressCharts(page: Page, within: ParentNode): void {
  for (const chart of findAll(within, '[data-chart]')) if (!find(chart, '.reader')) makeReadable(page, chart)
}

function makeReadable(page: Page, chart: HTMLElement): void {
  const series = JSON.parse(chart.dataset.series ?? '{}') as Series
  const count = series.processed.length
  if (count === 0) return
  const hair = make('div', { className: 'hair', hidden: true })
  const told = make('div', { className: 'told', hidden: true })
  const reader = make('div', { className: 'reader', role: 'slider', tabIndex: 0 }, hair, told)
  reader.ariaLabel = find(chart, 'svg')?.getAttribute('aria-label') ?? ''
  reader.ariaValueMin = '0'
  reader.ariaValueMax = String(count - 1)
  let index = count - 1

  const mark = () => {
    const text = textAt(page, chart, series, index)
    reader.ariaValueNow = String(index)
    reader.ariaValueText = text
    told.textContent = text
  }
  const show = (isShown: boolean) => {
    hair.hidden = told.hidden = !isShown
    const { clientWidth } = reader
    const left = ((index + 0.5) / count) * clientWidth
    hair.style.left = `${left}px`
    // It keeps to the chart, and off the bar that it tells of.
    const isRight = left > clientWidth / 2
    told.style.left = isRight ? 'auto' : `${left + 10}px`
    told.style.right = isRight ? `${clientWidth - left + 10}px` : 'auto'
  }
  const read = (at: number) => {
    index = Math.max(0, Math.min(count - 1, at))
    mark()
    show(true)
  }
  reader.onpointermove = ({ clientX }) => {
    const { left, width } = reader.getBoundingClientRect()
    read(Math.floor(((clientX - left) / width) * count))
  }
  reader.onpointerleave = () => show(reader.matches(':focus-visible'))
  reader.onfocus = () => show(reader.matches(':focus-visible'))
  reader.onblur = () => show(false)
  reader.onkeydown = (event) => {
    const to = keyed(event.key, index, count)
    if (to === undefined) return
    event.preventDefault()
    read(to)
  }
  mark()
  chart.append(reader)
}

function keyed(key: string, index: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: index + 1,
    ArrowUp: index + 1,
    ArrowLeft: index - 1,
    ArrowDown: index - 1,
    PageUp: index + 10,
    PageDown: index - 10,
    Home: 0,
    End: count - 1,
  }
  return steps[key]
}

function textAt({ words }: Page, { dataset }: HTMLElement, { days, at, processed, failed }: Series, index: number) {
  const when = days
    ? new Intl.DateTimeFormat(words.language, { dateStyle: 'medium', timeZone: 'UTC' }).format(
        new Date(days[index] ?? 0),
      )
    : new Intl.DateTimeFormat(words.language, { timeStyle: 'short' }).format(new Date(at?.[index] ?? 0))
  const number = (list: readonly number[]) => words.number(list[index] ?? 0)
  const marks = JSON.parse(dataset.marks ?? '[]') as { readonly label: string; readonly index: number }[]
  const marked = marks.flatMap((mark) => (mark.index === index ? [` · ${mark.label}`] : [])).join('')
  return `${when}${marked} · ${dataset.labelProcessed} ${number(processed)} · ${dataset.labelFailed} ${number(failed)}`
}
