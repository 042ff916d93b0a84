import { remove, wipe } from '../../adapters/memory/manage.ts'
import { keyOf } from '../../adapters/memory/pages.ts'
import type { App } from '../app.ts'
import type { Job } from '../job.ts'
import type { Place } from '../storage.ts'
import { groundOf, jobsOf, jobsOn, nameOf, type Selector, type Target } from './target.ts'
import type { TestGround } from './test-ground.ts'
import { type EnqueuedJob, waitingOn } from './waiting.ts'

/**
 * The jobs that wait, of one job or of the whole app: in a queue, scheduled, or for a retry. The last one to come is
 * the last. They have gone through JSON, client middleware and unique locks; a push that was not awaited yet is there
 * as it was pushed.
 */
export function jobs<Args extends unknown[]>(job: Job<Args>): EnqueuedJob<Args>[]
export function jobs(app: App): EnqueuedJob[]
export function jobs(target: Target): EnqueuedJob[] {
  const ground = groundOf('jobs', target)
  const name = nameOf(target)
  const all = waitingOn(ground).map(({ job }) => job)
  return name === undefined ? all : all.filter((job) => job.class === name)
}

/** The jobs that wait, by the queue that they are in or will come to. */
export function queues(app: App): Map<string, EnqueuedJob[]> {
  const byName = new Map<string, EnqueuedJob[]>()
  for (const job of jobs(app)) byName.set(job.queue, [...(byName.get(job.queue) ?? []), job])
  return byName
}

/**
 * Deletes the jobs of one job or of a queue, also dead ones, and frees their unique locks; or everything, statistics
 * too, of an app. Answers how many.
 */
export function clear(job: Job<never>): number
export function clear(app: App, queue?: string): number
export function clear(target: Target, queue?: string): number {
  const ground = groundOf('clear', target)
  if (queue !== undefined) return removeFrom(ground, jobsOn('clear', queue))
  const removed = removeFrom(ground, jobsOf(target))
  if (nameOf(target) === undefined) wipe(ground.store)
  return removed
}

function removeFrom({ store, clock }: TestGround, isMeant: Selector): number {
  const queues = [...store.queues.keys()].map((queue) => ({ queue }))
  const places: Place[] = [...queues, 'scheduled', 'retry', 'dead']
  const removed = places.map((place) => {
    const keys = [...(store.jobsIn(place) ?? [])].filter(isMeant).map(keyOf)
    return remove(store, place, keys, clock.now())
  })
  return removed.reduce((sum, each) => sum + each, 0)
}
