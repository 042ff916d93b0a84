import type { Store, StoredJob } from '../../adapters/memory/store.ts'
import { execute, type Outcome } from '../worker/execute.ts'
import { park } from '../worker/parking.ts'
import { settle } from '../worker/settle.ts'
import { Task } from '../worker/task.ts'
import { unlockAtStart } from '../worker/unlock-at-start.ts'
import type { TestGround } from './test-ground.ts'

/** In a test nobody watches the network: a job that waits for it tries again after this time. */
const PARKED_MS = 15_000

/** A run that is over, and settled. */
export interface Performed {
  /** What it threw, if it failed. */
  readonly error: Error | undefined
}

/**
 * Performs a job of a queue as a worker would: claims it, runs it, and settles it. Undefined when its queue is paused,
 * or somebody else has claimed it.
 */
export async function performJob(ground: TestGround, job: StoredJob): Promise<Performed | undefined> {
  if (!bringToFront(ground.store, job)) return undefined
  const [claimed] = (await ground.exchange({ queues: [job.queue], limit: 1 })).jobs
  if (!claimed) return undefined
  const { context } = ground
  const task = new Task(claimed, context, { stopping: false })
  if (task.payload.unique_until === 'start') await unlockAtStart(task, ground.storage())
  const outcome = await execute(task, context)
  const settlement =
    outcome.kind === 'parked' ? await park(task, ground.storage(), PARKED_MS) : await settle(outcome, task, context)
  if (settlement) await ground.exchange({ settlements: [settlement] })
  return { error: errorOf(outcome) }
}

/** A claim takes what is first in a queue. */
function bringToFront(store: Store, job: StoredJob): boolean {
  const queue = store.queues.get(job.queue)
  if (!queue?.delete(job)) return false
  job.seq = store.nextInFront()
  queue.add(job)
  return true
}

const errorOf = (outcome: Outcome): Error | undefined => ('error' in outcome ? outcome.error : undefined)
