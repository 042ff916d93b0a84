import type { StoredEntry } from './book.ts'
import { lastTicks } from './schedule.ts'

/** Ticks that 'all' makes up for at most: an entry of each second, and a weekend's sleep, are 200,000. */
export const MOST_MISSED = 100

/** How late a tick may be and still count as on time: timers of hidden pages fire a minute late. */
const LATE_MS = 120_000

/** The ticks of an entry whose time has come. */
export interface Due {
  /** Those that are to lead to a job, soonest first. */
  readonly ticks: readonly number[]
  /** How many others there are; of more than a hundred only so many are counted. */
  readonly missed: number
  /** The last of all. */
  readonly upTo: number
}

/** What is due of an entry at an instant; undefined when nothing is. */
export function dueOf({ definition, paused, after, owed }: StoredEntry, now: number): Due | undefined {
  if (paused || !definition.enabled) return undefined
  // Latest first.
  const all = [...lastTicks(definition, MOST_MISSED + 1, after, now), ...[...owed].reverse()]
  const [upTo] = all
  if (upTo === undefined) return undefined
  const ticks = chosen(definition, all, now)
  return { ticks: ticks.toReversed(), missed: all.length - ticks.length, upTo }
}

function chosen(
  { missed, overlap }: StoredEntry['definition'],
  all: readonly number[],
  now: number,
): readonly number[] {
  // Two of one moment would overlap.
  const most = missed === 'all' && overlap === 'allow' ? MOST_MISSED : 1
  const candidates = missed === 'skip' ? all.filter((tick) => now - tick <= LATE_MS) : all
  return candidates.slice(0, most)
}
