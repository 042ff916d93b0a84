import type { Case, Target } from './suite.ts'
import type { Runs } from './turns.ts'

/** What became of a case: a median for each figure of each variant, and what became of the targets. */
export interface Finding {
  readonly name: string
  readonly title: string
  readonly medians: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly targets: readonly Verdict[]
  readonly runs: Runs
}

export interface Verdict extends Target {
  readonly value: number
  /** Undefined when there is nothing to meet. */
  readonly met: boolean | undefined
}

export function finding(each: Case, jobs: number, runs: Runs): Finding {
  const names = Object.keys(each.figures)
  const medians = Object.entries(runs).map(([variant, figures]) => {
    return [variant, Object.fromEntries(names.map((name) => [name, median(figures.map((run) => run[name] ?? NaN))]))]
  })
  return {
    name: each.name,
    title: each.title(jobs),
    medians: Object.fromEntries(medians),
    targets: (each.targets ?? []).map((target) => verdict(target, runs)),
    runs,
  }
}

function verdict(target: Target, runs: Runs): Verdict {
  const { figure, variant, per, atLeast, atMost } = target
  const ours = (runs[variant] ?? []).map((run) => run[figure] ?? NaN)
  const value = median(ours.map((each, run) => (per === undefined ? each : each / comparedWith(target, runs, run))))
  const isBound = atLeast !== undefined || atMost !== undefined
  return {
    ...target,
    value,
    met: isBound ? value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity) : undefined,
  }
}

function comparedWith({ figure, per = [], atMost }: Target, runs: Runs, run: number): number {
  const theirs = [per].flat().map((variant) => runs[variant]?.[run]?.[figure] ?? NaN)
  return atMost === undefined ? Math.max(...theirs) : Math.min(...theirs)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2
}
