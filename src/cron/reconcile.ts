import type { StoredEntry } from './book.ts'
import { dueOf } from './due.ts'
import type { Definition } from './entry.ts'

/** What a list of entries does to those that are stored. */
export interface Reconciliation {
  /** The very same array when nothing changes. */
  readonly entries: readonly StoredEntry[]
  readonly removed: readonly string[]
  /** Names on the list that another source has already: they stay as they are. */
  readonly taken: readonly StoredEntry[]
}

/** Makes what is stored of a source follow its list. Entries of other sources stay. */
export function reconcile(
  stored: readonly StoredEntry[],
  source: string,
  list: ReadonlyMap<string, Definition>,
  now: number,
): Reconciliation {
  const isGone = (entry: StoredEntry) => entry.source === source && !list.has(entry.definition.name)
  const kept = stored
    .filter((entry) => !isGone(entry))
    .map((entry) => {
      const definition = entry.source === source ? list.get(entry.definition.name) : undefined
      return definition ? revised(entry, definition, now) : entry
    })
  const known = new Set(stored.map(({ definition }) => definition.name))
  const added = [...list.values()]
    .filter(({ name }) => !known.has(name))
    .map((definition) => fresh(definition, source, now))
  const entries = [...kept, ...added]
  const isSame = entries.length === stored.length && entries.every((entry, index) => entry === stored[index])
  return {
    entries: isSame ? stored : entries,
    removed: stored.filter(isGone).map(({ definition }) => definition.name),
    taken: stored.filter((entry) => entry.source !== source && list.has(entry.definition.name)),
  }
}

/** A new entry: its first tick is the next. */
export function fresh(definition: Definition, source: string, now: number): StoredEntry {
  return { definition, source, paused: false, after: now, owed: [], skipped: 0, missed: 0 }
}

/** An entry with another definition; itself, if it has this one already. Paused stays paused. */
export function revised(entry: StoredEntry, definition: Definition, now: number): StoredEntry {
  const before = entry.definition
  if (JSON.stringify(definition) === JSON.stringify(before)) return entry
  const isSameTime = definition.cron === before.cron && definition.timezone === before.timezone
  if (isSameTime && definition.enabled === before.enabled) return { ...entry, definition }
  const next = turned(entry, now)
  return { ...next, definition, owed: definition.enabled ? next.owed : [] }
}

/** An entry whose ticks run from now on, because it was paused until now or had others, which it then still owes. */
export function turned(entry: StoredEntry, now: number): StoredEntry {
  const due = dueOf(entry, now)
  const { after, owed, missed } = entry
  return { ...entry, after: Math.max(after, now), owed: due?.ticks ?? owed, missed: missed + (due?.missed ?? 0) }
}
