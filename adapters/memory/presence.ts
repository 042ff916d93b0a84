import type { Beat, BeatAnswer, Signal } from '../../src/storage.ts'
import { giveBack } from './places.ts'
import type { Claim, KnownWorker, Store } from './store.ts'

/** Lets a worker's lease run from now on, and answers what is known of it. */
export function present(store: Store, id: string, leaseMs: number, now: number): KnownWorker {
  const worker = store.workers.get(id) ?? meet(store, id, now)
  if (!isAlive(worker, now)) worker.steadySince = now
  const endsAt = now + leaseMs
  // The others sleep until the next lease may be over. One that ends sooner than they know must wake them.
  if (endsAt < worker.leaseEndsAt) store.wakes.note('recoverable')
  worker.leaseMs = leaseMs
  worker.leaseEndsAt = endsAt
  return worker
}

export const isAlive = (worker: KnownWorker, now: number): boolean => now < worker.leaseEndsAt

export function beat(store: Store, report: Beat, now: number): BeatAnswer {
  const worker = present(store, report.worker, report.leaseMs, now)
  worker.report = { ...report, beatAt: now }
  giveBackUnheard(store, worker, report, now)
  for (const signal of report.heard) worker.signals.delete(signal)
  return {
    signals: [...worker.signals],
    safeMs: worker.leaseMs,
    cancelled: cancelledOf(worker),
    lost: report.held.filter((token) => token <= worker.tokensAbove),
  }
}

/** False for a worker whose lease is over: nobody can say that it will ever hear. */
export function signal(store: Store, id: string, what: Signal, now: number): boolean {
  const worker = store.workers.get(id)
  if (worker === undefined || !isAlive(worker, now)) return false
  worker.signals.add(what)
  store.wakes.note('signal')
  return true
}

export function retire(store: Store, id: string, now: number): void {
  const worker = store.workers.get(id)
  if (worker === undefined) return
  store.workers.delete(id)
  giveBack(store, [...worker.claims.values()], now)
}

function meet(store: Store, id: string, now: number): KnownWorker {
  const worker: KnownWorker = {
    id,
    leaseMs: 0,
    leaseEndsAt: Number.POSITIVE_INFINITY,
    steadySince: now,
    report: undefined,
    claims: new Map(),
    tokensAbove: store.next(),
    lanes: new Map(),
    signals: new Set(),
  }
  store.workers.set(id, worker)
  return worker
}

/**
 * Gives back what the worker never heard that it holds: an answer was lost, and a later one of the same lane arrived. A
 * request whose answer may still be under way is not looked at: the worker cannot know its tokens yet.
 */
function giveBackUnheard(store: Store, worker: KnownWorker, { held, answered }: Beat, now: number): void {
  const known = new Set(held)
  const unheard: Claim[] = []
  for (const claim of worker.claims.values()) {
    const heard = answered[claim.lane] ?? Number.NEGATIVE_INFINITY
    if (claim.request <= heard && !known.has(claim.token)) unheard.push(claim)
  }
  for (const { token } of unheard) worker.claims.delete(token)
  giveBack(store, unheard, now)
}

function cancelledOf(worker: KnownWorker): number[] {
  const tokens: number[] = []
  for (const { token, cancelled } of worker.claims.values()) if (cancelled) tokens.push(token)
  return tokens
}
