import type { Quayside } from '../../quayside.ts'
import type { QueueState, StorageStats, WorkerState } from '../../storage.ts'

/** One look at everything. */
export interface Snapshot {
  /** In milliseconds since 1970. */
  readonly at: number
  readonly stats: StorageStats
  readonly queues: readonly QueueState[]
  readonly workers: readonly WorkerState[]
}

/** Runs in a second. */
export interface Rates {
  readonly processed: number
  readonly failed: number
}

export async function takeSnapshot(app: Quayside): Promise<Snapshot> {
  const [stats, queues, workers] = await Promise.all([app.stats({ days: 1 }), app.queues(), app.workers()])
  return { at: Date.now(), stats, queues, workers }
}

/** Between two looks. Totals that went back were reset meanwhile. */
export function ratesBetween(before: Snapshot, now: Snapshot): Rates {
  const seconds = Math.max(0.001, (now.at - before.at) / 1_000)
  const rate = (of: (stats: StorageStats) => number) => Math.max(0, of(now.stats) - of(before.stats)) / seconds
  return { processed: rate(({ processed }) => processed), failed: rate(({ failed }) => failed) }
}

/** Of the last five minutes, as the workers measured them. */
export async function recentRates(app: Quayside): Promise<Rates> {
  const minutes = 5
  const jobs = (await app.metrics({ minutes })).flatMap((minute) => minute.jobs)
  const sum = (of: (job: (typeof jobs)[number]) => number) => jobs.reduce((total, job) => total + of(job), 0)
  return { processed: sum((job) => job.processed) / (minutes * 60), failed: sum((job) => job.failed) / (minutes * 60) }
}
