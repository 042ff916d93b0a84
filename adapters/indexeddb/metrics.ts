import { METRICS_KEPT_MINUTES, sum } from '../../src/metrics.ts'
import type { JobMetrics, MinuteMetrics } from '../../src/storage.ts'
import type { MetricsRow, StoreName } from './schema.ts'
import type { Step } from './step.ts'

const MINUTE_MS = 60_000

/** Measuring works in these stores only, and so does looking at what was measured. */
export const METRICS_STORES: StoreName[] = ['meta', 'metrics']

export async function measure(step: Step, samples: readonly JobMetrics[]): Promise<void> {
  await step.begun
  const minute = minuteOf(step)
  const rows = await step.from('metrics').getAll(range(minute, minute))
  const known = new Map<string, JobMetrics>(rows.map((row) => [row.job, row]))
  for (const sample of samples) known.set(sample.job, sum(sample, known.get(sample.job)))
  for (const job of new Set(samples.map((sample) => sample.job))) {
    step.put('metrics', { minute, ...(known.get(job) as JobMetrics) })
  }
  // Once a minute will do: whoever looks passes over what is older anyway.
  if (rows.length === 0) step.delete('metrics', range(Number.NEGATIVE_INFINITY, minute - METRICS_KEPT_MINUTES))
}

/** Rows come in the order of their keys: minute after minute. */
export async function metrics(
  step: Step,
  { minutes, job }: { readonly minutes: number; readonly job?: string | undefined },
): Promise<MinuteMetrics[]> {
  await step.begun
  const latest = minuteOf(step)
  const found = new Map<number, MinuteMetrics['jobs'][number][]>()
  for (const row of await step.from('metrics').getAll(range(latest - minutes + 1, latest))) {
    if (job !== undefined && row.job !== job) continue
    const jobs = found.get(row.minute) ?? []
    jobs.push(job === undefined ? overview(row) : only(row))
    found.set(row.minute, jobs)
  }
  return [...found].map(([minute, jobs]) => ({ at: minute * MINUTE_MS, jobs }))
}

const minuteOf = (step: Step): number => Math.floor(step.now / MINUTE_MS)

/** Whole minutes: an array comes behind every string. */
const range = (from: number, to: number): IDBKeyRange => IDBKeyRange.bound([from], [to, []])

const overview = ({ minute: _, durations: __, ...rest }: MetricsRow): MinuteMetrics['jobs'][number] => rest

const only = ({ minute: _, ...rest }: MetricsRow): JobMetrics => rest
