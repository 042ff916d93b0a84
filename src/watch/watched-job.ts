import { StoredJob } from '../inspect/stored-job.ts'
import { failuresOf } from '../run.ts'
import type { Place, Progress, Row, RunningJob } from '../storage.ts'

/**
 * Where a job is. 'done' is the last state: it was performed, discarded, cancelled or deleted. 'unknown' is a job that
 * this app neither enqueued nor ever saw, and that is nowhere: it was done before, or never was.
 */
export type JobState = 'waiting' | 'scheduled' | 'running' | 'retrying' | 'dead' | 'done' | 'unknown'

/** What `app.watch({ jid }, ...)` tells of a job. Undefined is what does not apply, or is not known. */
export interface WatchedJob {
  readonly jid: string
  readonly state: JobState
  /** The job's name. */
  readonly class?: string
  readonly queue?: string
  /** Of the run that goes on, or comes next: 1 for the first. Of a dead job, its last. */
  readonly attempt?: number
  /** When it is due: of a scheduled job, and of one that will be retried. */
  readonly dueAt?: Date
  /** When its run began. */
  readonly startedAt?: Date
  /** As the run told with its worker's last heartbeat. */
  readonly progress?: Progress
  /** Why its last run failed. */
  readonly error?: { readonly class: string; readonly message: string }
}

const STATES = { scheduled: 'scheduled', retry: 'retrying', dead: 'dead' } as const

/** A job as it lies in a place. */
export function restingJob(jid: string, place: Place, row: Row): WatchedJob {
  const job = new StoredJob(row)
  const state = typeof place === 'string' ? STATES[place] : 'waiting'
  const queue = typeof place === 'string' ? job.queue : place.queue
  const due = state === 'scheduled' || state === 'retrying' ? { dueAt: job.at } : {}
  return { jid, state, ...recordOf(job, state === 'dead'), queue, ...due }
}

/** Jobs as their workers perform them, by jid. */
export function runningJobs(running: readonly RunningJob[]): Map<string, WatchedJob> {
  return new Map(
    running.map(({ text, queue, startedAt, progress }) => {
      const job = new StoredJob({ key: '', text, at: undefined })
      const run = { queue, startedAt: new Date(startedAt), progress }
      return [job.jid, { jid: job.jid, state: 'running', ...recordOf(job), ...run }]
    }),
  )
}

/** What is left to tell of a job that is done. */
export function doneJob(jid: string, last: WatchedJob | undefined): WatchedJob {
  return { jid, state: 'done', class: last?.class, queue: last?.queue, attempt: last?.attempt }
}

function recordOf({ class: name, payload, error }: StoredJob, isDead = false): Partial<WatchedJob> {
  const failures = payload ? failuresOf(payload) : 0
  return { class: name, attempt: isDead ? Math.max(1, failures) : failures + 1, error }
}
