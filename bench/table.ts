import type { Finding, Verdict } from './findings.ts'
import type { Case, Figure } from './suite.ts'

/** A finding as lines for people: what was measured, then how it compares and whether that is as it should be. */
export function table({ title, medians, targets }: Finding, { figures }: Case): string {
  const units = Object.entries(figures)
  const measured = Object.entries(medians).map(([variant, values]) => {
    return [variant, ...units.map(([name, figure]) => `${written(values[name] ?? NaN, figure)} ${figure.unit}`)]
  })
  return [title, ...columns(measured), ...columns(targets.map((target) => judged(target, figures))), ''].join('\n')
}

function judged(target: Verdict, figures: Case['figures']): string[] {
  const { figure, variant, per, value, atLeast, atMost, met } = target
  const kind = figures[figure] ?? { unit: '' }
  const show = (number: number) =>
    per === undefined ? `${written(number, kind)} ${kind.unit}` : `${number.toFixed(2)} ×`
  const what = per === undefined ? `${variant}, ${kind.unit}` : `${variant} / ${others([per].flat())}, ${kind.unit}`
  if (met === undefined) return [what, show(value), '', '']
  const bound = atLeast === undefined ? `at most ${show(atMost ?? NaN)}` : `at least ${show(atLeast)}`
  return [what, show(value), bound, met ? 'met' : 'MISSED']
}

function others(names: readonly string[]): string {
  return names.length === 1 ? names.join() : `best of ${names.join(', ')}`
}

/** Cells as lines, all but the first column to the right. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    return `  ${cells.join('   ')}`.trimEnd()
  })
}

function written(value: number, { digits = 0 }: Figure): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
