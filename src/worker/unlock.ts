import type { Settlement } from '../storage.ts'
import type { Task } from './task.ts'

/** The unique lock that a job holds, if any: it goes with the job. */
export function unlockOf({ payload }: Task): Pick<Settlement, 'unlock'> | undefined {
  if (typeof payload.unique_key !== 'string') return undefined
  return { unlock: { key: payload.unique_key, owner: payload.jid } }
}
