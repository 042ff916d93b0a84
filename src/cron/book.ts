import { OptionError } from '../errors.ts'
import { isRecord } from '../options.ts'
import type { Storage } from '../storage.ts'
import type { Definition } from './entry.ts'

/** A periodic job as all processes see it. */
export interface StoredEntry {
  readonly definition: Definition
  /** Whose list it is on; DYNAMIC for those made at run time. */
  readonly source: string
  readonly paused: boolean
  /** Ticks up to this instant are settled: enqueued, skipped or given up. */
  readonly after: number
  /** Ticks of before, when the schedule was another one, that are not settled yet. */
  readonly owed: readonly number[]
  /** The last tick that led to a job, that job, and when it was enqueued. */
  readonly last?: { readonly at: number; readonly jid: string; readonly enqueuedAt: number }
  /** Ticks that led to no job because of an overlap, a unique lock or a client middleware. */
  readonly skipped: number
  /** Ticks that led to no job because nobody was there in time. */
  readonly missed: number
}

/** The source of entries that `cron.set` made. */
export const DYNAMIC = 'dynamic'

/**
 * All entries are one document. So twenty processes that start at once agree with one write, however many entries have
 * changed; the ticks of one moment are settled with one; and there is no index that could disagree with what it lists.
 * What that costs: each look reads all, some 300 bytes for an entry.
 */
const DOCUMENT = 'cron'

/** A document of another number was written by a version that is not this one. */
const FORMAT = 1

export interface Book {
  readonly entries: readonly StoredEntry[]
  readonly version: number
}

export async function readBook(storage: Storage): Promise<Book> {
  const stored = await storage.readDocument(DOCUMENT)
  return stored ? { entries: parsed(stored.text), version: stored.version } : { entries: [], version: 0 }
}

/**
 * Writes what `change` makes of the entries, which it may be asked more than once; nothing where it answers the very
 * same. Answers the entries as they are then.
 */
export async function changeBook(
  storage: Storage,
  change: (entries: readonly StoredEntry[]) => readonly StoredEntry[],
): Promise<readonly StoredEntry[]> {
  // Of all who write at once, one gets through in each turn.
  while (true) {
    const { entries, version } = await readBook(storage)
    const changed = change(entries)
    if (changed === entries) return entries
    if (await storage.writeDocument(DOCUMENT, JSON.stringify({ format: FORMAT, entries: changed }), version))
      return changed
  }
}

function parsed(text: string): StoredEntry[] {
  const { format, entries } = JSON.parse(text)
  if (format !== FORMAT || !Array.isArray(entries)) {
    throw new OptionError(
      `The periodic jobs were stored by another version of Quayside, in format ${format}; update it.`,
    )
  }
  return entries.filter((entry) => isRecord(entry) && isRecord(entry.definition) && isRecord(entry.definition.payload))
}
