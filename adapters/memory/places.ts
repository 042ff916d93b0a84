import { uniqueLockOf } from '../../src/payload.ts'
import type { StorageSettings } from '../../src/storage.ts'
import { unlock } from './small-things.ts'
import { SortedList } from './sorted-list.ts'
import type { Claim, Store, StoredJob } from './store.ts'

/** How many jobs the dead set keeps, and for how long. */
export type DeadLimits = StorageSettings['dead']

/** To the back of a queue. */
export function enqueue(store: Store, queue: string, job: StoredJob): void {
  job.at = 0
  job.seq = store.next()
  job.queue = queue
  queueNamed(store, queue).add(job)
  store.wakes.note('claimable')
}

/** Claims to the front of their queues, in the order in which they were claimed, as if that had never happened. */
export function giveBack(store: Store, claims: Claim[], now: number): void {
  for (const { job, cancelled } of claims.sort((a, b) => b.token - a.token)) {
    if (cancelled) {
      discard(store, job, now)
      continue
    }
    job.seq = store.nextInFront()
    queueNamed(store, job.queue).add(job)
    store.wakes.note('claimable')
  }
}

/** To the scheduled or the retry set. */
export function schedule(store: Store, set: 'scheduled' | 'retry', job: StoredJob, dueAt: number): void {
  // Promoters sleep until the soonest job is due. One that is sooner must wake them.
  if (dueAt < firstDueAt(soonest(store))) store.wakes.note('due')
  job.at = dueAt
  job.seq = store.next()
  store[set].add(job)
}

/** The set whose first job is due next; either, when both are empty. */
export function soonest({ scheduled, retry }: Store): SortedList<StoredJob> {
  return firstDueAt(retry) < firstDueAt(scheduled) ? retry : scheduled
}

const firstDueAt = (set: SortedList<StoredJob>): number => set.first?.at ?? Number.POSITIVE_INFINITY

/** To the dead set, with this text if it has a new one; then the set is cut to its limits. */
export function bury(store: Store, job: StoredJob, text: string | undefined, limits: DeadLimits, now: number): void {
  discard(store, job, now)
  if (text !== undefined) job.text = text
  job.at = now
  job.seq = store.next()
  store.dead.add(job)
  trim(store.dead, limits, now)
}

function trim(dead: SortedList<StoredJob>, { max, forMs }: DeadLimits, now: number): void {
  for (let oldest = dead.first; oldest !== undefined; oldest = dead.first) {
    if (dead.size < max && oldest.at >= now - forMs) return
    dead.shift()
  }
}

/** Lets go of what is kept beside a job that will not run again. The job itself is in no place any more. */
export function discard(store: Store, { jid, text }: StoredJob, now: number): void {
  store.recoveries.delete(jid)
  const lock = uniqueLockOf(text)
  if (lock) unlock(store, lock.key, lock.owner, now)
}

function queueNamed(store: Store, name: string): SortedList<StoredJob> {
  const known = store.queues.get(name)
  if (known !== undefined) return known
  const queue = new SortedList<StoredJob>()
  store.queues.set(name, queue)
  return queue
}
