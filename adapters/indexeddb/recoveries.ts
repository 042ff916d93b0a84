import { type Kinds, keep, look, lookAtAll } from './kept.ts'
import type { Step } from './step.ts'

const COUNTED_MS = 72 * 3_600_000

/** More than this nobody needs to know: such a job is performed no more. */
const COUNTED_RECOVERIES = 3

/** How often jobs were recovered lately, by jid. Those that never were are not in it. */
export async function recoveries(step: Step): Promise<ReadonlyMap<string, number>> {
  if (!isAnyRecovered(step)) return new Map()
  const all = [...(await lookAtAll(step, 'recovery'))]
  return new Map(all.map(([jid, instants]) => [jid, lately(step, instants).length]))
}

export const isAnyRecovered = (step: Step): boolean => step.now < step.meta.recoveredUntil

export async function countRecovery(step: Step, jid: string): Promise<void> {
  const instants = [...((await look(step, 'recovery', jid)) ?? []), step.now].slice(-COUNTED_RECOVERIES)
  const endsAt = step.now + COUNTED_MS
  keep(step, 'recovery', jid, instants, endsAt)
  step.remember((meta) => Object.assign(meta, { recoveredUntil: endsAt }))
}

const lately = (step: Step, instants: Kinds['recovery']) => instants.filter((at) => at > step.now - COUNTED_MS)
