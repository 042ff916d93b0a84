import { uniqueLockOf } from '../payload.ts'
import type { Settlement } from '../storage.ts'
import type { Task } from './task.ts'

/** The unique lock that a job holds, if any: it goes with the job. */
export function unlockOf({ job }: Task): Pick<Settlement, 'unlock'> | undefined {
  const unlock = uniqueLockOf(job.text)
  return unlock && { unlock }
}
