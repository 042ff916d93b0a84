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
  const args = [versions.charAt(0), minutes, job ?? '']
  const found = (await link.run(METRICS, args, { bytes: true })) as MinuteReply[]
  return found
    .map(([at, fields, durations]) => {
      const jobs = jobsOf(JSON.parse(String(fields)))
      const counts = job === undefined ? {} : { durations: countsOf(durations) }
      return { at: Number(at), jobs: jobs.map((each) => ({ ...each, ...counts })) }
    })
    .filter(({ jobs }) => jobs.length > 0)
}

type MinuteReply = [at: Buffer, fields: Buffer, durations: Buffer]

interface Measured {
  readonly job: string
  processed: number
  failed: number
  totalMs: number
}

const FIELDS = { p: 'processed', f: 'failed', ms: 'totalMs' } as const

/** The fields of a minute's hash are named `<job>|p`, `|f` and `|ms`; those that are missing are 0. */
function jobsOf(fields: readonly string[]): Measured[] {
  const jobs = new Map<string, Measured>()
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, job, field] = /^(.*)\|(p|f|ms)$/s.exec(fields[at] as string) ?? []
    if (job === undefined) continue
    const known = jobs.get(job) ?? { job, processed: 0, failed: 0, totalMs: 0 }
    known[FIELDS[field as keyof typeof FIELDS]] = Number(fields[at + 1]) || 0
    jobs.set(job, known)
  }
  return [...jobs.values()]
}

/** As BITFIELD writes them: a u16 for each bucket, as far as the last that is not 0. */
const countsOf = (bytes: Buffer): number[] =>
  DURATION_BOUNDS_MS.map((_, bucket) => (2 * bucket + 1 < bytes.length ? bytes.readUInt16BE(2 * bucket) : 0))
