import type { Move, Place } from '../../src/storage.ts'
import { positionOf } from './pages.ts'
import { bury, type DeadLimits, discard, enqueue, schedule } from './places.ts'
import type { Store, StoredJob } from './store.ts'

export function move(store: Store, from: Place, moves: readonly Move[], limits: DeadLimits, now: number): boolean[] {
  return moves.map((each) => {
    const job = take(store, from, each.key)
    if (job !== undefined) put(store, job, each, limits, now)
    return job !== undefined
  })
}

export function remove(store: Store, place: Place, keys: readonly string[], now: number): number {
  let removed = 0
  for (const key of keys) {
    const job = take(store, place, key)
    if (job === undefined) continue
    discard(store, job, now)
    removed++
  }
  return removed
}

export function clear(store: Store, place: Place, now: number): number {
  const jobs = store.jobsIn(place)
  if (jobs === undefined) return 0
  const { size } = jobs
  for (const job of jobs) discard(store, job, now)
  jobs.clear()
  if (typeof place !== 'string') store.queues.delete(place.queue)
  return size
}

export function pause(store: Store, queue: string, paused: boolean): void {
  if (paused) store.paused.add(queue)
  else if (store.paused.delete(queue)) store.wakes.note('claimable')
}

/** Listeners stay, and so do the counters: what a worker of before still says must not hit a new job by chance. */
export function wipe(store: Store): void {
  for (const places of [store.scheduled, store.retry, store.dead, store.queues, store.paused]) places.clear()
  for (const memory of [store.locks, store.recoveries, store.pushes, store.chosen]) memory.clear()
  for (const rest of [store.workers, store.documents, store.tally, store.metrics]) rest.clear()
}

const take = (store: Store, place: Place, key: string): StoredJob | undefined =>
  store.jobsIn(place)?.delete(positionOf(key))

function put(store: Store, job: StoredJob, { to, text = job.text }: Move, limits: DeadLimits, now: number): void {
  if (to === 'dead') bury(store, job, text, limits, now)
  else {
    job.text = text
    if ('queue' in to) enqueue(store, to.queue, job)
    else schedule(store, to.set, job, now + Math.max(0, to.delayMs))
  }
}
