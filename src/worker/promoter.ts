import type { Storage } from '../storage.ts'
import type { Round } from './service.ts'

/** Jobs promoted in one call: a hundred thousand that are due at once shall not hold up everything else. */
const PROMOTED_AT_ONCE = 500

/** Moves due jobs to their queues. Sleeps until the next one is due, however far that is. */
export function promoter(storage: Storage): Round {
  return async () => (await storage.promote(PROMOTED_AT_ONCE)).nextMs
}
