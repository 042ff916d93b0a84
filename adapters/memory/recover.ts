import type { Recovery } from '../../src/storage.ts'
import { discard, enqueue } from './places.ts'
import { isAlive } from './presence.ts'
import type { Claim, KnownWorker, Store } from './store.ts'

const COUNTED_MS = 72 * 3_600_000

/** More than this nobody needs to know: such a job is performed no more. */
const COUNTED_RECOVERIES = 3

export function recover(store: Store, id: string, now: number): Recovery {
  const self = store.workers.get(id)
  if (self === undefined) return { requeued: 0, nextMs: undefined }
  const waitMs = unsteadyMs(self, now)
  if (waitMs > 0) return { requeued: 0, nextMs: waitMs }
  let requeued = 0
  for (const worker of store.workers.values()) {
    if (isAlive(worker, now)) continue
    store.workers.delete(worker.id)
    for (const claim of worker.claims.values()) if (takeOver(store, claim, now)) requeued++
  }
  return { requeued, nextMs: nextLeaseEndMs(store, self, now) }
}

/** How often a job was recovered lately. */
export function recoveriesOf(store: Store, jid: string, now: number): number {
  return store.recoveries.get(jid, now)?.filter((at) => at > now - COUNTED_MS).length ?? 0
}

/** How long a worker has to be present before it may judge others: an outage of its own looks just like theirs. */
function unsteadyMs(self: KnownWorker, now: number): number {
  return isAlive(self, now) ? self.steadySince + self.leaseMs - now : Math.max(1, self.leaseMs)
}

/** True when the job will run again. */
function takeOver(store: Store, { job, begun, cancelled }: Claim, now: number): boolean {
  if (cancelled) discard(store, job, now)
  else {
    if (begun) countRecovery(store, job.jid, now)
    enqueue(store, job.queue, job)
  }
  return !cancelled
}

function countRecovery(store: Store, jid: string, now: number): void {
  const instants = [...(store.recoveries.get(jid, now) ?? []), now].slice(-COUNTED_RECOVERIES)
  store.recoveries.set(jid, instants, now + COUNTED_MS, now)
}

/** When the next of the others may be gone. */
function nextLeaseEndMs(store: Store, self: KnownWorker, now: number): number | undefined {
  let soonest: number | undefined
  for (const worker of store.workers.values()) {
    if (worker !== self) soonest = Math.min(soonest ?? Number.POSITIVE_INFINITY, worker.leaseEndsAt - now)
  }
  return soonest
}
