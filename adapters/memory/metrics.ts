import { METRICS_KEPT_MINUTES, sum } from '../../src/metrics.ts'
import type { JobMetrics, MinuteMetrics } from '../../src/storage.ts'

const MINUTE_MS = 60_000

/** What workers measured, by the minute and the job. */
export class Metrics {
  readonly #minutes = new Map<number, Map<string, JobMetrics>>()

  add(samples: readonly JobMetrics[], now: number): void {
    const minute = this.#minute(Math.floor(now / MINUTE_MS))
    for (const sample of samples) minute.set(sample.job, sum(sample, minute.get(sample.job)))
  }

  last(minutes: number, job: string | undefined, now: number): MinuteMetrics[] {
    const latest = Math.floor(now / MINUTE_MS)
    return [...this.#minutes]
      .filter(([minute]) => minute <= latest && minute > latest - minutes)
      .sort(([a], [b]) => a - b)
      .map(([minute, jobs]) => ({ at: minute * MINUTE_MS, jobs: job === undefined ? overview(jobs) : only(job, jobs) }))
      .filter(({ jobs }) => jobs.length > 0)
  }

  clear(): void {
    this.#minutes.clear()
  }

  #minute(number: number): Map<string, JobMetrics> {
    const known = this.#minutes.get(number)
    if (known !== undefined) return known
    for (const old of this.#minutes.keys()) if (old <= number - METRICS_KEPT_MINUTES) this.#minutes.delete(old)
    const minute = new Map<string, JobMetrics>()
    this.#minutes.set(number, minute)
    return minute
  }
}

const overview = (jobs: ReadonlyMap<string, JobMetrics>): MinuteMetrics['jobs'] =>
  [...jobs.values()].map(({ durations: _, ...rest }) => rest)

function only(job: string, jobs: ReadonlyMap<string, JobMetrics>): MinuteMetrics['jobs'] {
  const found = jobs.get(job)
  return found === undefined ? [] : [{ ...found, durations: [...found.durations] }]
}
