import type { Entry, PushId, Refusal } from '../../src/storage.ts'
import { enqueue, schedule } from './places.ts'
import { lock } from './small-things.ts'
import type { Store } from './store.ts'

const REMEMBERED_MS = 600_000

/**
 * How many pushes of a client are remembered: enough for one that repeats soon, no burden for one that pushes a
 * million.
 */
const REMEMBERED_PUSHES = 1_000

export function push(store: Store, entries: readonly Entry[], { client, number }: PushId, now: number): Refusal[] {
  const pushes = store.pushes.get(client, now) ?? new Map()
  const answered = pushes.get(number)
  if (answered !== undefined) return answered
  const refusals: Refusal[] = []
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index] as Entry
    if (entry.chosen && store.chosen.get(entry.jid, now)) continue
    const holder = entry.unique ? lockFor(store, entry, entry.unique, now) : entry.jid
    if (holder === entry.jid) storeEntry(store, entry, now)
    else refusals.push({ index, holder })
  }
  pushes.set(number, refusals).delete(number - REMEMBERED_PUSHES)
  store.pushes.set(client, pushes, now + REMEMBERED_MS, now)
  return refusals
}

/** The lock runs from when the job is due, however far that is. Answers who has it now. */
function lockFor(store: Store, { jid, delayMs }: Entry, unique: NonNullable<Entry['unique']>, now: number): string {
  return lock(store, unique.key, jid, Math.max(0, delayMs) + unique.forMs, now)
}

function storeEntry(store: Store, { jid, queue, text, delayMs, chosen }: Entry, now: number): void {
  // Only now: a chosen jid that was refused was not stored, and may be pushed again.
  if (chosen) store.chosen.set(jid, true, now + REMEMBERED_MS, now)
  const job = { at: 0, seq: 0, jid, queue, text }
  if (delayMs > 0) schedule(store, 'scheduled', job, now + delayMs)
  else enqueue(store, queue, job)
}
