import type { Settlement } from '../../src/storage.ts'
import { drop } from './kept.ts'
import { bury, type DeadLimits, discard, giveBack, schedule, trim } from './places.ts'
import type { WorkerRow } from './schema.ts'
import { unlock } from './small-things.ts'
import type { Step } from './step.ts'
import { type Claim, claimWith, finish, isCancelled, rowOf, tokenOf } from './windows.ts'

/** Carries out settlements, and answers the tokens of those refused. */
export async function settle(
  step: Step,
  worker: WorkerRow,
  settlements: readonly Settlement[],
  recovered: ReadonlyMap<string, number>,
  limits: DeadLimits,
): Promise<number[]> {
  const refused: number[] = []
  const givenBack: GivenBack[] = []
  for (const settlement of settlements) {
    const claim = claimWith(worker, settlement.token)
    if (claim === undefined) {
      refused.push(settlement.token)
      continue
    }
    const cancelled = isCancelled(claim)
    finish(claim)
    if (settlement.tally !== 'none') step.count(settlement.tally)
    if (settlement.unlock) await unlock(step, settlement.unlock.key, settlement.unlock.owner)
    if (settlement.to === 'queue') givenBack.push({ claim, cancelled })
    else await leave(step, claim, cancelled, settlement, recovered)
  }
  await putBack(step, givenBack)
  if (settlements.some(({ to }) => to === 'dead')) await trim(step, step.place('dead'), limits)
  return refused
}

export interface GivenBack {
  readonly claim: Claim
  readonly cancelled: boolean
}

/** Finished claims to the front of their queues, in the order in which they were claimed, as if that had not happened. */
export async function putBack(step: Step, givenBack: readonly GivenBack[]): Promise<void> {
  for (const { claim, cancelled } of [...givenBack].sort((a, b) => tokenOf(b.claim) - tokenOf(a.claim))) {
    const row = await rowOf(step, claim)
    if (cancelled) await discard(step, row)
    else giveBack(step, step.place(row.place), row)
  }
}

/** Where a job goes that will not run again at once. Most go nowhere, and their rows need not even be read. */
async function leave(
  step: Step,
  claim: Claim,
  cancelled: boolean,
  settlement: Exclude<Settlement, { to: 'queue' }>,
  recovered: ReadonlyMap<string, number>,
): Promise<void> {
  const { to } = settlement
  if (to === 'nowhere') {
    if (recovered.size === 0 && !step.isWatched) return
    const { jid } = await rowOf(step, claim)
    if (recovered.size > 0) drop(step, 'recovery', jid)
    step.finished.push(jid)
    return
  }
  const row = await rowOf(step, claim)
  if (to === 'dead') await bury(step, step.place(to), row, settlement.text)
  else if (cancelled) await discard(step, row)
  else schedule(step, step.place(to), row.jid, settlement.text, settlement.delayMs)
}
