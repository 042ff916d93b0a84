import type { Recovery } from '../../src/storage.ts'
import { sweep } from './kept.ts'
import { discard, enqueue } from './places.ts'
import { forget } from './presence.ts'
import { countRecovery } from './recoveries.ts'
import type { WorkerRow } from './schema.ts'
import type { Step } from './step.ts'
import { type Claim, claimsOf, hasBegun, isCancelled, rowOf } from './windows.ts'

/**
 * Who is dead for certain. A Web Lock cannot be asked for inside a transaction, and asking first would rob a worker that
 * began in between. So: who is known, then who holds a lock, then the step that takes over. Dead is a worker that was
 * known before, is the same still (its `born`), and held no lock.
 */
export type IsDead = (worker: WorkerRow) => boolean

export async function recover(step: Step, id: string, isDead: IsDead): Promise<Recovery & { rest: WorkerRow[] }> {
  const all = await step.from('workers').getAll()
  const self = all.find(({ worker }) => worker === id)
  // Oldest first, so that whoever recovers puts the jobs of several in the same order.
  const others = all.filter((worker) => worker !== self).sort((a, b) => a.born - b.born)
  let requeued = 0
  const rest: WorkerRow[] = []
  for (const worker of others) {
    if (isDead(worker) || judgedInMs(step, worker, self) <= 0) requeued += await takeOver(step, worker)
    else rest.push(worker)
  }
  const nextSweepMs = (await sweep(step)) ? 1_000 : Number.POSITIVE_INFINITY
  const nextMs = Math.min(nextSweepMs, ...rest.map((worker) => judgedInMs(step, worker, self)))
  return { requeued, nextMs: Number.isFinite(nextMs) ? nextMs : undefined, rest }
}

/**
 * In how many milliseconds a worker that stays silent is taken for gone. Only one that was never silent for so long
 * itself may judge: after an outage of the storage, or of the whole machine, all have been silent, and nobody is dead.
 */
function judgedInMs(step: Step, { seenAt, safeMs }: WorkerRow, self: WorkerRow | undefined): number {
  if (!self) return Number.POSITIVE_INFINITY
  const isSteady = step.now < self.seenAt + self.safeMs
  return Math.max(seenAt, isSteady ? self.steadySince : step.now) + safeMs - step.now
}

/** Answers how many jobs will run again. */
async function takeOver(step: Step, worker: WorkerRow): Promise<number> {
  let requeued = 0
  for (const claim of claimsOf(worker)) if (await takeOverOne(step, claim)) requeued++
  forget(step, worker)
  return requeued
}

async function takeOverOne(step: Step, claim: Claim): Promise<boolean> {
  const row = await rowOf(step, claim)
  if (isCancelled(claim)) {
    await discard(step, row)
    return false
  }
  if (hasBegun(claim)) await countRecovery(step, row.jid)
  enqueue(step, step.place(row.place), row.jid, row.text)
  return true
}
