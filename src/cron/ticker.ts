import type { Context } from '../context.ts'
import { hasCode } from '../errors.ts'
import { report } from '../report.ts'
import type { Storage } from '../storage.ts'
import { type Claim, changeBook, readBook, type StoredEntry, writeBook } from './book.ts'
import { type Due, dueOf } from './due.ts'
import { enqueueTick } from './enqueue.ts'
import { isStillGoing } from './overlap.ts'
import { nextTick } from './schedule.ts'

/** For so long nobody else enqueues what a process has claimed. */
const CLAIM_MS = 30_000

/** When somebody else has the claim. */
const LOOK_AGAIN_MS = 1_000

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
 * Claims what is due of all entries, enqueues it, and notes that. Answers when to do so again, by this process's clock;
 * undefined when nothing will ever tick.
 *
 * The claim is written into the same document, so of twenty processes one gets it, and only that one calls middleware
 * and pushes. If it dies or sleeps, another claims half a minute later, with a higher number: see `enqueueTick`.
 */
export async function tick(context: Context, owner: string): Promise<number | undefined> {
  const storage = await context.storage()
  const { clock } = context
  const { version, ...book } = await readBook(storage)
  const pending = pendingOf(context, book.entries)
  if (pending.length === 0) return nextOf(context, book.entries)
  const now = clock.now()
  if (isTaken(book.claim, owner, now)) return now + LOOK_AGAIN_MS * (0.5 + clock.random())
  const claim = { by: owner, until: now + CLAIM_MS, attempt: (book.claim?.attempt ?? -1) + 1 }
  if (!(await writeBook(storage, { ...book, claim }, version))) return now
  return nextOf(context, await enqueueDue(context, storage, pending, claim))
}

/** The clocks of others may be wrong: a claim that seems to be longer than any is none. */
function isTaken(claim: Claim | undefined, owner: string, now: number): boolean {
  return claim !== undefined && claim.by !== owner && claim.until > now && claim.until <= now + CLAIM_MS
}

async function enqueueDue(
  context: Context,
  storage: Storage,
  pending: readonly Pending[],
  claim: Claim,
): Promise<readonly StoredEntry[]> {
  const overlapping = await Promise.all(pending.map((each) => overlaps(storage, each)))
  if (context.clock.now() > claim.until) throw new Error('the claim was over before anything was pushed')
  const results = await Promise.allSettled(
    pending.map((each, index) => (overlapping[index] ? skippedOf(each) : enqueueAll(context, each, claim))),
  )
  const settled = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  const isDone = settled.length === pending.length
  const { entries } = await changeBook(storage, (book) => {
    const isOwn = book.claim?.by === claim.by && book.claim.attempt === claim.attempt
    const changed = noted(book.entries, settled)
    if (isDone && isOwn) return { entries: changed }
    return changed === book.entries ? book : { ...book, entries: changed }
  })
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  return entries
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
async function enqueueAll(context: Context, pending: Pending, claim: Claim): Promise<Settled> {
  const { entry, due } = pending
  // In one turn, so that they go in one call.
  const jids = await Promise.all(due.ticks.map((at) => enqueued(context, entry, at, claim)))
  const jobs = due.ticks.flatMap((at, index) => {
    const jid = jids[index]
    return typeof jid === 'string' ? { at, jid, enqueuedAt: context.clock.now() } : []
  })
  return { ...pending, last: jobs.at(-1), skipped: due.ticks.length - jobs.length }
}

async function enqueued(
  context: Context,
  { definition }: StoredEntry,
  at: number,
  claim: Claim,
): Promise<string | null> {
  try {
    return await enqueueTick(context, definition, at, claim)
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
  const changed = entries.map((entry) => {
    const each = byName.get(entry.definition.name)
    return each ? notedOne(entry, each) : entry
  })
  return changed.every((entry, index) => entry === entries[index]) ? entries : changed
}

function notedOne(entry: StoredEntry, { entry: seen, due, last = entry.last, skipped }: Settled): StoredEntry {
  const isFirst = entry.after < due.upTo
  // A schedule that changed meanwhile has made them owed.
  const owed = entry.owed.filter((at) => !seen.owed.includes(at) && !due.ticks.includes(at))
  if (!isFirst && owed.length === entry.owed.length) return entry
  return {
    ...entry,
    after: Math.max(entry.after, due.upTo),
    owed,
    ...(last ? { last } : {}),
    skipped: entry.skipped + skipped,
    missed: entry.missed + (isFirst ? due.missed : 0),
  }
}
