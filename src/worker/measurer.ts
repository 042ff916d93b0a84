import { bucketOf, DURATION_BOUNDS_MS } from '../metrics.ts'
import type { JobMetrics, Storage } from '../storage.ts'
import type { Outcome } from './execute.ts'
import type { Task } from './task.ts'

interface Sample extends JobMetrics {
  processed: number
  failed: number
  totalMs: number
  readonly durations: number[]
}

/** Counts the runs of a worker and their durations by job, and hands that to storage now and then. */
export class Measurer {
  #samples = new Map<string, Sample>()

  record({ payload }: Task, outcome: Outcome, durationMs: number): void {
    if (outcome.kind !== 'completed' && outcome.kind !== 'failed') return
    const sample = this.#sampleOf(typeof payload.wrapped === 'string' ? payload.wrapped : payload.class)
    sample.processed++
    if (outcome.kind === 'failed') {
      sample.failed++
      return
    }
    sample.totalMs += durationMs
    const bucket = bucketOf(durationMs)
    sample.durations[bucket] = (sample.durations[bucket] ?? 0) + 1
  }

  /** Asks nothing of the storage when nothing ran. What a failed call carried is dropped: it may have been counted. */
  async hand(storage: Storage): Promise<void> {
    if (this.#samples.size === 0) return
    const samples = [...this.#samples.values()]
    this.#samples = new Map()
    await storage.measure(samples)
  }

  #sampleOf(job: string): Sample {
    const known = this.#samples.get(job)
    if (known) return known
    const durations = DURATION_BOUNDS_MS.map(() => 0)
    const sample = { job, processed: 0, failed: 0, totalMs: 0, durations }
    this.#samples.set(job, sample)
    return sample
  }
}
