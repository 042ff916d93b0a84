import { DURATION_BOUNDS_MS } from '../../src/metrics.ts'
import type { JobMetrics, MinuteMetrics } from '../../src/storage.ts'
import type { Link } from './link.ts'
import { MEASURE, METRICS } from './scripts/metrics.ts'

/** Whose pages show metrics: those of Sidekiq 7 and 8 have keys of their own. */
export type MetricsOf = '7 8' | '8'

export async function measure(link: Link, samples: readonly JobMetrics[], versions: MetricsOf): Promise<void> {
  const jobs = samples.flatMap(({ job, processed, failed, totalMs, durations }) => {
    return [job, processed, failed, Math.round(totalMs), durations.join(' ')]
  })
  await link.run(MEASURE, [versions, ...jobs])
}

/** Reads the keys of the older version that is written: its processes in Ruby count there, too. */
export async function metrics(
  link: Link,
  { minutes, job }: { readonly minutes: number; readonly job?: string | undefined },
  versions: MetricsOf,
): Promise<MinuteMetrics[]> {
  const args = [versions.charAt(0), minutes, job ?? '', DURATION_BOUNDS_MS.length]
  const found = (await link.run(METRICS, args)) as MinuteReply[]
  return found
    .map(([at, fields, durations]) => ({ at: Number(at), jobs: jobsOf(fields, job, durations) }))
    .filter(({ jobs }) => jobs.length > 0)
}

type MinuteReply = [at: string, fields: string[], durations: number[]]

const FIELDS = { p: 'processed', f: 'failed', ms: 'totalMs' } as const

/** The fields of a minute's hash are named `<job>|p`, `|f` and `|ms`; those that are missing are 0. */
function jobsOf(fields: readonly string[], only: string | undefined, durations: number[]): MinuteMetrics['jobs'] {
  const jobs = new Map<string, Omit<JobMetrics, 'durations'>>()
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, job, field] = /^(.*)\|(p|f|ms)$/s.exec(fields[at] as string) ?? []
    if (job === undefined || (only !== undefined && job !== only)) continue
    const known = jobs.get(job) ?? { job, processed: 0, failed: 0, totalMs: 0 }
    jobs.set(job, { ...known, [FIELDS[field as keyof typeof FIELDS]]: Number(fields[at + 1]) || 0 })
  }
  const all = [...jobs.values()]
  return only === undefined
    ? all
    : all.map((each) => ({ ...each, durations: DURATION_BOUNDS_MS.map((_, bucket) => durations[bucket] ?? 0) }))
}
