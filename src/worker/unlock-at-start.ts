import type { Storage } from '../storage.ts'
import type { Task } from './task.ts'

/** A job that is unique until it starts may enqueue itself: the lock has to go before it is performed. */
export async function unlockAtStart({ payload, lock }: Task, storage: Storage): Promise<void> {
  if (payload.unique_until === 'start' && lock) await storage.unlock(lock.key, lock.owner)
}
