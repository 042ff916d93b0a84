import { type Html, html } from '../html.ts'
import type { Visit } from '../visit.ts'

/** What was processed, and how much of that failed, oldest first: for each a day ('2026-01-31') or an instant. */
export interface ChartSeries {
  readonly days?: readonly string[]
  readonly at?: readonly number[]
  readonly processed: readonly number[]
  readonly failed: readonly number[]
}

interface Chart {
  readonly of: string
  readonly label: string
  readonly series: ChartSeries
  /** What else happened: lines through the chart. */
  readonly marks?: readonly { readonly label: string; readonly index: number }[]
}

/** How high the picture is in its own units; how it is stretched is the style sheet's affair. */
const HEIGHT = 100

/**
 * Columns, whose lower part is what failed. The picture is whole without a script, which finds the numbers in
 * `data-series` and tells those under the pointer.
 */
export function chart({ locale }: Visit, { of, label, series, marks = [] }: Chart): Html {
  const { processed, failed } = series
  const most = roundUp(Math.max(1, ...processed))
  return html`<figure class="chart" data-chart="${of}" data-series="${JSON.stringify(series)}" data-label-processed="${locale.t('counter_processed')}" data-label-failed="${locale.t('counter_failed')}" data-marks="${JSON.stringify(marks)}">
<svg viewBox="0 0 ${Math.max(1, processed.length)} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}"><path class="processed" d="${columns(processed, most)}"/><path class="failed" d="${columns(failed, most)}"/><path class="mark" d="${marks.map(({ index }) => `M${index}.5 0V${HEIGHT}`).join('')}"/></svg>
<span class="top" aria-hidden="true">${locale.number(most)}</span>
${scale(locale, series)}
<figcaption class="legend"><span class="processed">${locale.t('counter_processed')}</span> <span class="failed">${locale.t('counter_failed')}</span></figcaption>
</figure>`
}

function scale(locale: Visit['locale'], { days, at }: ChartSeries): Html | undefined {
  const said = days ? days.map((day) => () => locale.day(day)) : (at ?? []).map((each) => () => locale.time(each))
  if (said.length === 0) return undefined
  const shown = [said[0], said[Math.floor(said.length / 2)], said.at(-1)]
  return html`<div class="scale" aria-hidden="true">${shown.map((say) => html`<span>${say?.()}</span>`)}</div>`
}

/** One path for all columns: hundreds of elements would be slow, and rules of style for each are not allowed here. */
function columns(values: readonly number[], most: number): string {
  return values
    .map((value, index) => {
      // However few there are, they must be seen.
      const height = value > 0 ? Math.max(1.5, (value / most) * HEIGHT) : 0
      return height > 0 ? `M${index}.1 ${HEIGHT}v-${Number(height.toFixed(2))}h.8v${Number(height.toFixed(2))}z` : ''
    })
    .join('')
}

/** To 1, 2 or 5 with zeros: a scale that can be read. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find((step) => step * unit >= value) ?? 10) * unit
}
