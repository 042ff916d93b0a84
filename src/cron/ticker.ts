import type { Context } from '../context.ts'
import { hasCode } from '../errors.ts'
import { report } from '../report.ts'
import type { Storage } from '../storage.ts'
import { changeBook, readBook, type StoredEntry } from './book.ts'
import { type Due, dueOf } from './due.ts'
import { enqueueTick } from './enqueue.ts'
import { isStillGoing } from './overlap.ts'
import { nextTick } from './schedule.ts'

/**
 * Of many processes one enqueues what is due: not for the sake of correctness (a tick is pushed once, whoever pushes
 * it), but because each would call its middleware and listeners, and push hundreds of jobs in vain.
 */
const LOCK = 'cron'
const LOCK_MS = 10_000

/** When somebody else has the lock. */
const LOOK_AGAIN_MS = 1_000

/** Whoever pushes goes by what was read so long ago at most: a process may have slept between the two. */
const FRESH_MS = 60_000

interface Pending {
  readonly entry: StoredEntry
  readonly due: Due
}

/** What became of one entry's ticks. */
interface Settled extends Pending {
  readonly last: StoredEntry['last']
  readonly skipped: number
}

/**
 * Enqueues what is due of all entries, and notes it. Answers when to do so again, by this process's clock; undefined
 * when nothing will ever tick.
 */
export async function tick(context: Context, owner: string): Promise<number | undefined> {
  const storage = await context.storage()
  const { clock } = context
  const { entries } = await readBook(storage)
  if (pendingOf(context, entries).length === 0) return nextOf(context, entries)
  if ((await storage.lock(LOCK, owner, LOCK_MS)) !== owner) return clock.now() + LOOK_AGAIN_MS * (0.5 + clock.random())
  try {
    return nextOf(context, await enqueueDue(context, storage))
  } finally {
    // What is not freed ends by itself.
    await storage.unlock(LOCK, owner).catch(() => undefined)
  }
}

/** Read again under the lock: somebody may have been faster. */
async function enqueueDue(context: Context, storage: Storage): Promise<readonly StoredEntry[]> {
  const { clock } = context
  const readAt = clock.now()
  const { entries } = await readBook(storage)
  const pending = pendingOf(context, entries)
  if (pending.length === 0) return entries
  const overlapping = await Promise.all(pending.map((each) => overlaps(storage, each)))
  if (clock.now() - readAt > FRESH_MS) return entries
  const results = await Promise.allSettled(
    pending.map((each, index) => (overlapping[index] ? skippedOf(each) : enqueueAll(context, each))),
  )
  const settled = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  const changed = await changeBook(storage, (stored) => noted(stored, settled))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  return changed
}

function pendingOf(context: Context, entries: readonly StoredEntry[]): Pending[] {
  const now = context.clock.now()
  return entries.flatMap((entry) => {
    const due = readable(context, entry, () => dueOf(entry, now))
    return due ? { entry, due } : []
  })
}

function nextOf(context: Context, entries: readonly StoredEntry[]): number | undefined {
  const ticking = entries.filter(({ paused, definition }) => !paused && definition.enabled)
  const nexts = ticking.map((entry) => {
    return entry.owed[0] ?? readable(context, entry, () => nextTick(entry.definition, entry.after))
  })
  return nexts.reduce((least, next) => (least === undefined || (next ?? least) < least ? next : least), undefined)
}

/** An expression that others have stored, and that nobody can read here, is no trouble to the others. */
function readable<T>(context: Context, { definition }: StoredEntry, read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    context.logger.error({ error, entry: definition.name }, 'a periodic job was stored that cannot be read')
    return undefined
  }
}

async function overlaps(storage: Storage, { entry, due }: Pending): Promise<boolean> {
  return entry.definition.overlap === 'skip' && due.ticks.length > 0 && isStillGoing(storage, entry)
}

const skippedOf = async (pending: Pending): Promise<Settled> => {
  return { ...pending, last: undefined, skipped: pending.due.ticks.length }
}

/** Rejects when the storage is away: then nothing of the entry is settled, and what was pushed is not pushed again. */
async function enqueueAll(context: Context, pending: Pending): Promise<Settled> {
  const { entry, due } = pending
  let last: StoredEntry['last']
  let skipped = 0
  for (const at of due.ticks) {
    const jid = await enqueued(context, entry, at)
    if (jid === null) skipped++
    else last = { at, jid, enqueuedAt: context.clock.now() }
  }
  return { ...pending, last, skipped }
}

async function enqueued(context: Context, { definition }: StoredEntry, at: number): Promise<string | null> {
  try {
    return await enqueueTick(context, definition, at)
  } catch (error) {
    if (hasCode(error, 'ERR_STORAGE_UNAVAILABLE') || hasCode(error, 'ERR_CLOSED')) throw error
    // A middleware that throws, say: it would throw for ever.
    report(context, error, `a tick of the periodic job '${definition.name}' could not be enqueued`)
    return null
  }
}

/** The entries with what became of their ticks. Whoever is late, after another who did the same, changes nothing. */
function noted(entries: readonly StoredEntry[], settled: readonly Settled[]): readonly StoredEntry[] {
  const byName = new Map(settled.map((each) => [each.entry.definition.name, each]))
  let isSame = true
  const changed = entries.map((entry) => {
    const each = byName.get(entry.definition.name)
    if (!each || !isOpen(entry, each)) return entry
    isSame = false
    const { due, last = entry.last, skipped } = each
    return {
      ...entry,
      after: Math.max(entry.after, due.upTo),
      owed: entry.owed.filter((at) => !each.entry.owed.includes(at)),
      ...(last ? { last } : {}),
      skipped: entry.skipped + skipped,
      missed: entry.missed + due.missed,
    }
  })
  return isSame ? entries : changed
}

const isOpen = (entry: StoredEntry, { due, entry: seen }: Settled): boolean =>
  entry.after < due.upTo || entry.owed.some((at) => seen.owed.includes(at))
