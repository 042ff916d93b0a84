import type { Logger } from '../logger.ts'
import type { Storage } from '../storage.ts'
import type { Round } from './service.ts'

/** Takes over the jobs of workers that are gone. Sleeps until the next lease may be over. */
export function recoverer(storage: Storage, worker: string, logger: Logger): Round {
  return async () => {
    const { requeued, nextMs } = await storage.recover(worker)
    if (requeued > 0) logger.warn({ worker, requeued }, 'jobs of a worker that is gone were put back')
    return nextMs
  }
}
