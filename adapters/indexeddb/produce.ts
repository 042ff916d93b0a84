import type { Entry, PushId, Refusal } from '../../src/storage.ts'
import { keep, look } from './kept.ts'
import { enqueue, nameOfQueue, schedule } from './places.ts'
import type { StoreName } from './schema.ts'
import { lock } from './small-things.ts'
import type { Step } from './step.ts'
import type { Durability } from './transaction.ts'

const KNOWN_MS = 600_000

/** How many pushes the database itself remembers: those that were under way when its connection was lost. */
const PUSHES_KEPT = 8

/** The stores that a push works in. The fewer, the sooner it begins: naming all of them costs a tenth of a single push. */
export function storesOf(entries: readonly Entry[]): StoreName[] {
  const stores: StoreName[] = ['meta', 'jobs']
  return entries.some(({ chosen, unique }) => chosen || unique) ? [...stores, 'kept'] : stores
}

/** One that is to be strict makes the whole push so. */
export function durabilityOf(entries: readonly Entry[], usual: Durability): Durability {
  return entries.some(({ durability = usual }) => durability === 'strict') ? 'strict' : 'relaxed'
}

export async function push(step: Step, entries: readonly Entry[], { client, number }: PushId): Promise<Refusal[]> {
  const name = `${client}:${number}`
  await step.begun
  // Repeated because nobody saw its commit. Of what it was refused only the locks can tell, as they stand now.
  const { pushes, pushedAt } = step.meta
  const known = step.now < pushedAt + KNOWN_MS ? pushes : []
  if (known.includes(name)) return refusals(step, entries)
  const refused: Refusal[] = []
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index] as Entry
    if (entry.chosen && (await look(step, 'chosen', entry.jid))) continue
    const holder = entry.unique ? await lockFor(step, entry, entry.unique) : entry.jid
    if (holder === entry.jid) store(step, entry)
    else refused.push({ index, holder })
  }
  step.remember((meta) => {
    meta.pushes = [...known, name].slice(-PUSHES_KEPT)
    meta.pushedAt = step.now
  })
  return refused
}

function store(step: Step, { jid, queue, text, delayMs, chosen }: Entry): void {
  // Only now: a chosen jid that was refused was not stored, and may be pushed again.
  if (chosen) keep(step, 'chosen', jid, true, step.now + KNOWN_MS)
  if (delayMs > 0) schedule(step, step.place('scheduled'), jid, text, delayMs)
  else enqueue(step, step.place(nameOfQueue(queue)), jid, text)
}

/** The lock runs from when the job is due, however far that is. Answers who has it now. */
function lockFor(step: Step, { jid, delayMs }: Entry, unique: NonNullable<Entry['unique']>): Promise<string> {
  return lock(step, unique.key, jid, Math.max(0, delayMs) + unique.forMs)
}

async function refusals(step: Step, entries: readonly Entry[]): Promise<Refusal[]> {
  const holders = await Promise.all(entries.map(({ unique }) => unique && look(step, 'lock', unique.key)))
  return holders.flatMap((holder, index) => (holder && holder !== entries[index]?.jid ? [{ index, holder }] : []))
}
