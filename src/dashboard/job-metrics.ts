import { DURATION_BOUNDS_MS } from '../metrics.ts'
import type { MinuteMetrics } from '../storage.ts'

/** What was measured of one job, over all minutes asked for. */
export interface JobTotals {
  readonly job: string
  readonly processed: number
  readonly failed: number
  readonly totalMs: number
  /** How many runs took how long, by the bounds of `src/metrics.ts`; empty where it was not asked for. */
  readonly durations: readonly number[]
}

/** One row for each job, the one that took longest in all first. */
export function totalsOf(minutes: readonly MinuteMetrics[]): JobTotals[] {
  const totals = new Map<string, JobTotals>()
  for (const { job, processed, failed, totalMs, durations = [] } of minutes.flatMap(({ jobs }) => jobs)) {
    const known = totals.get(job) ?? { job, processed: 0, failed: 0, totalMs: 0, durations: [] }
    totals.set(job, {
      job,
      processed: known.processed + processed,
      failed: known.failed + failed,
      totalMs: known.totalMs + totalMs,
      durations: durations.map((count, bucket) => count + (known.durations[bucket] ?? 0)),
    })
  }
  return [...totals.values()].sort((a, b) => b.totalMs - a.totalMs || b.processed - a.processed)
}

/** Of the runs that did not fail; undefined when there are none. */
export const averageMs = ({ processed, failed, totalMs }: JobTotals): number | undefined =>
  processed > failed ? totalMs / (processed - failed) : undefined

/**
 * The duration that this share of the runs kept to. A histogram knows it by its buckets: within one, runs are taken to
 * be spread evenly. Beyond the last bound all that is known is that bound. Undefined when there are no runs.
 */
export function percentileMs(durations: readonly number[], share: number): number | undefined {
  const count = durations.reduce((sum, each) => sum + each, 0)
  if (count === 0) return undefined
  let left = share * count
  for (const [bucket, runs] of durations.entries()) {
    const from = DURATION_BOUNDS_MS[bucket - 1] ?? 0
    const to = DURATION_BOUNDS_MS[bucket] ?? Number.POSITIVE_INFINITY
    if (left <= runs && runs > 0) return Number.isFinite(to) ? from + (to - from) * (left / runs) : from
    left -= runs
  }
  return DURATION_BOUNDS_MS.at(-2)
}
