import type { KeptRow } from './schema.ts'
import type { Step } from './step.ts'

/** What stands in the store `kept`, by kind: whatever is small and ends. */
export interface Kinds {
  /** Owners, by the lock's key. */
  lock: string
  /** The jids that callers chose and pushed lately. */
  chosen: true
  /** The instants at which a job was recovered, by its jid. */
  recovery: readonly number[]
  document: { readonly text: string; readonly version: number }
}

/** How many that have ended one sweep takes along: enough to keep up, few enough not to be noticed. */
const SWEPT = 200

/** What has ended is passed over; a sweep deletes it some time. */
export async function look<K extends keyof Kinds>(step: Step, kind: K, name: string): Promise<Kinds[K] | undefined> {
  const row = await step.from('kept').get([kind, name])
  return row && isKept(step, row) ? (row.value as Kinds[K]) : undefined
}

export async function lookAtAll<K extends keyof Kinds>(step: Step, kind: K): Promise<Map<string, Kinds[K]>> {
  const rows = await step.from('kept').getAll(IDBKeyRange.bound([kind], [kind, []]))
  return new Map(rows.filter((row) => isKept(step, row)).map(({ name, value }) => [name, value as Kinds[K]]))
}

export async function isAny(step: Step, kind: keyof Kinds): Promise<boolean> {
  return (await step.from('kept').getKey(IDBKeyRange.bound([kind], [kind, []]))) !== undefined
}

export function keep<K extends keyof Kinds>(step: Step, kind: K, name: string, value: Kinds[K], endsAt: number): void {
  step.put('kept', { kind, name, value, endsAt })
}

export function drop(step: Step, kind: keyof Kinds, name: string): void {
  step.delete('kept', [kind, name])
}

/** True when there is more to sweep. */
export async function sweep(step: Step): Promise<boolean> {
  const ended = await step.from('kept').index('endsAt').getAllKeys(IDBKeyRange.upperBound(step.now), SWEPT)
  for (const key of ended) step.delete('kept', key)
  return ended.length === SWEPT
}

const isKept = (step: Step, { endsAt }: KeptRow): boolean => endsAt > step.now
