import { Counter, Histogram, type Registry } from 'prom-client'
import { contextOf } from '../context.ts'
import type { RunEvent } from '../events.ts'
import type { Quayside } from '../quayside.ts'

export interface RunMeans {
  readonly register: Registry
  readonly prefix: string
  readonly buckets: readonly number[]
}

/** What stands for names that no job of this app has: storage may hold any number of them. */
const UNDEFINED = '(undefined)'

/** Counts the runs of the workers of this process, and how long they took. Answers a function that ends it. */
export function countRuns(app: Quayside, { register, prefix, buckets }: RunMeans): () => void {
  const { jobs } = contextOf(app)
  const registers = [register]
  const duration = new Histogram({
    name: `${prefix}job_duration_seconds`,
    help: 'How long runs of this process took, by job and outcome.',
    labelNames: ['job', 'queue', 'outcome'],
    buckets: [...buckets],
    registers,
  })
  const enqueued = new Counter({
    name: `${prefix}jobs_enqueued_total`,
    help: 'Jobs that this process enqueued, by job and queue.',
    labelNames: ['job', 'queue'],
    registers,
  })
  const died = new Counter({
    name: `${prefix}jobs_died_total`,
    help: 'Jobs that this process sent to the dead set, by job.',
    labelNames: ['job'],
    registers,
  })
  const named = (job: string) => (jobs.has(job) ? job : UNDEFINED)
  const ran = (outcome: 'completed' | 'failed') => (event: RunEvent) => {
    const { job, queue, durationMs } = event
    duration.observe({ job: named(job), queue, outcome }, durationMs / 1_000)
  }
  const ends = [
    app.on('job:completed', ran('completed')),
    app.on('job:failed', ran('failed')),
    app.on('job:enqueued', ({ job, queue }) => enqueued.inc({ job: named(job), queue })),
    app.on('job:died', ({ job }) => died.inc({ job: named(job) })),
  ]
  return () => {
    for (const end of ends) end()
  }
}
