import type { StoredJob } from '../inspect/stored-job.ts'
import type { Visitor } from './access.ts'
import type { ShownPlace } from './place.ts'
import type { DoneMessage } from './route.ts'

/** What can be done with many jobs at once. Each is a permission of the same name, and an address below the place. */
export type JobAction = 'retry' | 'kill' | 'delete'

export const DONE: Readonly<Record<JobAction, DoneMessage>> = {
  retry: 'done_retried',
  kill: 'done_killed',
  delete: 'done_deleted',
}

/** What cannot be taken back is asked for first. */
export const isAsked = (action: JobAction): boolean => action !== 'retry'

/** What a place allows, and the visitor may do. */
export function actionsOf(place: ShownPlace, { may }: Visitor): readonly JobAction[] {
  const all: readonly JobAction[] =
    place.is === 'queue' ? ['delete'] : place.is === 'dead' ? ['retry', 'delete'] : ['retry', 'kill', 'delete']
  return all.filter((action) => may.has(action))
}

/** Does it to those that are still there, in one call of the storage; answers how many were. */
export async function actOn(place: ShownPlace, action: JobAction, jobs: readonly StoredJob[]): Promise<number> {
  if (jobs.length === 0) return 0
  if (action === 'delete') return place.jobs.deleteMany(jobs)
  if (place.is === 'queue') return 0
  if (action === 'retry') return place.jobs.retryMany(jobs)
  return place.is === 'dead' ? 0 : place.jobs.killMany(jobs)
}
