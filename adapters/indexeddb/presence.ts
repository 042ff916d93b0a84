import type { Beat, BeatAnswer, Signal } from '../../src/storage.ts'
import type { WorkerRow } from './schema.ts'
import { putBack } from './settle.ts'
import type { Step } from './step.ts'
import { type Claim, claimsOf, drop, dropFinished, finish, isCancelled, tokenOf } from './windows.ts'

/** A worker that has just spoken, and what proves that it lives. */
export interface Sighting {
  readonly worker: string
  readonly leaseMs: number
  readonly safeMs: number
  readonly isLocked: boolean
  /** Whether the worker's context may claim, as of this step. */
  readonly performs: (step: Step) => boolean
}

/** Lets a worker's lease run from now on, and answers what is known of it. */
export function present(step: Step, known: WorkerRow | undefined, sighting: Sighting): WorkerRow {
  const { worker: id, leaseMs, safeMs, isLocked } = sighting
  // Others sleep until the next silence may be long enough. One that they do not know of must wake them.
  if (!known || safeMs < known.safeMs) step.note('recoverable')
  const worker = known ?? meet(step, id)
  if (step.now >= worker.seenAt + worker.safeMs) worker.steadySince = step.now
  return Object.assign(worker, { leaseMs, safeMs, isLocked, seenAt: step.now })
}

function meet(step: Step, worker: string): WorkerRow {
  const { now } = step
  const times = { leaseMs: 0, safeMs: 0, seenAt: now, steadySince: now, born: step.next() }
  return { worker, ...times, isLocked: false, lanes: new Map(), signals: [], windows: [] }
}

/** Tells whether a worker holds its Web Lock, as it was known before the step. */
export type HoldsLock = (worker: WorkerRow) => boolean

/** By its lease, or for certain: timers of a hidden tab are slow, and its lease may be over most of the time. */
export function isAlive(step: Step, worker: WorkerRow, holdsLock: HoldsLock): boolean {
  return step.now < worker.seenAt + worker.leaseMs || holdsLock(worker)
}

export async function beat(step: Step, report: Beat, sighting: Sighting): Promise<BeatAnswer> {
  const worker = present(step, await step.from('workers').get(report.worker), sighting)
  const { about, quiet, running, held, heard } = report
  const standby = sighting.performs(step) ? {} : { standby: true }
  step.put('reports', { worker: worker.worker, about, quiet, running, beatAt: step.now, ...standby })
  await giveBackUnheard(step, worker, report)
  worker.signals = worker.signals.filter((signal) => !heard.includes(signal))
  step.put('workers', worker)
  return {
    signals: worker.signals,
    safeMs: worker.safeMs,
    cancelled: claimsOf(worker).filter(isCancelled).map(tokenOf),
    lost: held.filter((token) => token <= worker.born),
    ...standby,
  }
}

/** False for a worker of which nobody can say that it will ever hear. */
export async function signal(step: Step, id: string, what: Signal, holdsLock: HoldsLock): Promise<boolean> {
  const worker = await step.from('workers').get(id)
  if (!worker || !isAlive(step, worker, holdsLock)) return false
  worker.signals = [...new Set(worker.signals).add(what)]
  step.put('workers', worker)
  step.note('signal')
  return true
}

export async function retire(step: Step, id: string): Promise<void> {
  const worker = await step.from('workers').get(id)
  if (!worker) return
  await giveBackAll(step, claimsOf(worker))
  forget(step, worker)
}

/** Forgets a worker and its windows. What became of its jobs is done already. */
export function forget(step: Step, { worker, windows }: WorkerRow): void {
  for (const window of windows) drop(step, window)
  step.delete('workers', worker)
  step.delete('reports', worker)
}

/**
 * Gives back what the worker never heard that it holds: an answer was lost, and a later one of the same lane arrived. A
 * request whose answer may still be under way is not looked at: the worker cannot know its tokens yet.
 */
async function giveBackUnheard(step: Step, worker: WorkerRow, { held, answered }: Beat): Promise<void> {
  const known = new Set(held)
  const unheard = claimsOf(worker).filter((claim) => {
    const { lane, request } = claim.window
    return Object.hasOwn(answered, lane) && request <= (answered[lane] as number) && !known.has(tokenOf(claim))
  })
  await giveBackAll(step, unheard)
  dropFinished(step, worker)
}

async function giveBackAll(step: Step, claims: readonly Claim[]): Promise<void> {
  const givenBack = claims.map((claim) => ({ claim, cancelled: isCancelled(claim) }))
  for (const claim of claims) finish(claim)
  await putBack(step, givenBack)
}
