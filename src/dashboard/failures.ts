import type { StoredJob } from '../inspect/stored-job.ts'
import { instantMs } from '../payload.ts'
import { jobName } from './payload-view.ts'

/** What fails in the same way: jobs of one name with one class of error. */
export interface FailureGroup {
  readonly job: string
  readonly error: string
  /** Of the one that failed last. */
  readonly message: string
  readonly retries: number
  readonly dead: number
  readonly firstMs: number | undefined
  readonly lastMs: number | undefined
}

/** Groups failed jobs, the largest group first. */
export function groupFailures(retries: readonly StoredJob[], dead: readonly StoredJob[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>()
  const add = (job: StoredJob, counted: 'retries' | 'dead') => {
    const name = jobName(job)
    const error = job.error?.class ?? ''
    const key = JSON.stringify([name, error])
    groups.set(key, joined(groups.get(key) ?? { ...NONE, job: name, error }, job, counted))
  }
  for (const job of retries) add(job, 'retries')
  for (const job of dead) add(job, 'dead')
  return [...groups.values()].sort((a, b) => b.retries + b.dead - (a.retries + a.dead))
}

const NONE = { message: '', retries: 0, dead: 0, firstMs: undefined, lastMs: undefined }

function joined(group: FailureGroup, job: StoredJob, counted: 'retries' | 'dead'): FailureGroup {
  const first = instantMs(job.payload?.failed_at) ?? job.at?.getTime()
  const last = instantMs(job.payload?.retried_at) ?? first
  const isLatest = group.lastMs === undefined || (last ?? 0) >= group.lastMs
  return {
    ...group,
    [counted]: group[counted] + 1,
    message: isLatest ? (job.error?.message ?? '') : group.message,
    firstMs: least(group.firstMs, first),
    lastMs: isLatest ? last : group.lastMs,
  }
}

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
