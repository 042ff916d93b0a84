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
  /** Who enqueues what is due; undefined when all that was due is settled. */
  readonly claim?: Claim
}

export interface Claim {
  readonly by: string
  /** By the claimer's clock. Then others may claim what is due. */
  readonly until: number
  /** How many claims there were before it since all was settled. */
  readonly attempt: number
}

export async function readBook(storage: Storage): Promise<Book & { readonly version: number }> {
  const stored = await storage.readDocument(DOCUMENT)
  return stored ? { ...parsed(stored.text), version: stored.version } : { entries: [], version: 0 }
}

/** False, with nothing done, when somebody has written since that version. */
export function writeBook(storage: Storage, { entries, claim }: Book, version: number): Promise<boolean> {
  return storage.writeDocument(DOCUMENT, JSON.stringify({ format: FORMAT, entries, claim }), version)
}

/**
 * Writes what `change` makes of the book, which it may be asked more than once; nothing where it answers the very same.
 * Answers the book as it is then.
 */
export async function changeBook(storage: Storage, change: (book: Book) => Book): Promise<Book> {
  // Of all who write at once, one gets through in each turn.
  while (true) {
    const book = await readBook(storage)
    const changed = change(book)
    if (changed === book || (await writeBook(storage, changed, book.version))) return changed
  }
}

/** As `changeBook`, for the entries. */
export async function changeEntries(
  storage: Storage,
  change: (entries: readonly StoredEntry[]) => readonly StoredEntry[],
): Promise<readonly StoredEntry[]> {
  const changed = await changeBook(storage, (book) => {
    const entries = change(book.entries)
    return entries === book.entries ? book : { ...book, entries }
  })
  return changed.entries
}

function parsed(text: string): Book {
  const { format, entries, claim } = JSON.parse(text)
  if (format !== FORMAT || !Array.isArray(entries)) {
    throw new OptionError(
      `The periodic jobs were stored by another version of Quayside, in format ${format}; update it.`,
    )
  }
  const known = entries.filter(
    (entry) => isRecord(entry) && isRecord(entry.definition) && isRecord(entry.definition.payload),
  )
  return { entries: known, claim }
}
