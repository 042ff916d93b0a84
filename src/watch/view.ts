import type { Place, QueueState, Storage, StorageStats, WorkerState } from '../storage.ts'

/** What one look at the storage shows, however many watch. */
export interface View {
  readonly stats: StorageStats
  readonly queues: readonly QueueState[]
  /** Only where somebody watches a job. */
  readonly workers: readonly WorkerState[]
  /** True when workers are shown as they are, and not as of their last beats. */
  readonly isCurrent: boolean
}

export async function takeView(storage: Storage, isJobWatched: boolean): Promise<View> {
  const [stats, queues, workers] = await Promise.all([
    storage.stats(0),
    storage.queues(),
    isJobWatched ? storage.workers() : [],
  ])
  return { stats, queues, workers, isCurrent: storage.watch !== undefined }
}

/** Where jobs rest, in the order in which they go through: one that moves on meanwhile is met later in the same look. */
export function placesWithJobs({ stats, queues }: View): Place[] {
  return [
    ...(stats.scheduled > 0 ? (['scheduled'] as const) : []),
    ...queues.filter(({ size }) => size > 0).map(({ name }) => ({ queue: name })),
    ...(stats.retry > 0 ? (['retry'] as const) : []),
    ...(stats.dead > 0 ? (['dead'] as const) : []),
  ]
}

/** Whether workers keep more jobs than they show: some that are read ahead, or those of a worker that is gone. */
export function isAnyHidden({ stats, workers }: View): boolean {
  return stats.running > workers.reduce((sum, { running }) => sum + running.length, 0)
}

/** When each worker said what is shown of it. Empty where all of that is current. */
export function beatsOf({ workers, isCurrent }: View): ReadonlyMap<string, number> {
  return new Map(isCurrent ? [] : workers.map(({ worker, beatAt }) => [worker, beatAt]))
}
