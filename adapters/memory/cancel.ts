import { discard } from './places.ts'
import type { Claim, Store } from './store.ts'

/** Looks at every job. That is rare, while an index by jid would cost each of a million jobs time and memory. */
export function cancel(store: Store, jid: string, now: number): 'waiting' | 'running' | 'gone' {
  const claim = claimOf(store, jid)
  if (claim !== undefined) {
    claim.cancelled = true
    store.wakes.note('signal')
    return 'running'
  }
  return discardWaiting(store, jid, now) ? 'waiting' : 'gone'
}

function claimOf(store: Store, jid: string): Claim | undefined {
  for (const { claims } of store.workers.values()) {
    for (const claim of claims.values()) if (claim.job.jid === jid) return claim
  }
  return undefined
}

function discardWaiting(store: Store, jid: string, now: number): boolean {
  for (const jobs of [...store.queues.values(), store.scheduled, store.retry]) {
    for (const job of jobs) {
      if (job.jid !== jid) continue
      jobs.delete(job)
      discard(store, job, now)
      return true
    }
  }
  return false
}
