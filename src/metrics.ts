import type { JobMetrics } from './storage.ts'

/**
 * The upper bounds of the buckets into which the durations of runs are counted, in milliseconds. They are those of
 * Sidekiq's metrics, whose histograms have a place for each.
 */
export const DURATION_BOUNDS_MS: readonly number[] = [
  20,
  30,
  45,
  65,
  100,
  150,
  225,
  335,
  500,
  750,
  1_100,
  1_700,
  2_500,
  3_800,
  5_750,
  8_500,
  13_000,
  20_000,
  30_000,
  45_000,
  65_000,
  100_000,
  150_000,
  225_000,
  335_000,
  Number.POSITIVE_INFINITY,
]

/** The bucket that a duration belongs to. */
export const bucketOf = (ms: number): number => DURATION_BOUNDS_MS.findIndex((bound) => ms < bound)

/** For how long metrics are kept, by the minute. */
export const METRICS_KEPT_MINUTES = 480

/** A sample and what was known before it as one. */
export function sum(sample: JobMetrics, known: JobMetrics | undefined): JobMetrics {
  if (known === undefined) return { ...sample, durations: [...sample.durations] }
  return {
    job: sample.job,
    processed: known.processed + sample.processed,
    failed: known.failed + sample.failed,
    totalMs: known.totalMs + sample.totalMs,
    durations: known.durations.map((count, bucket) => count + (sample.durations[bucket] ?? 0)),
  }
}
