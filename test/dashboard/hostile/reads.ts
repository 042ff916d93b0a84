import type { Tapped } from '../../engine/support/tapped.ts'

/** What a request has read of the storage. */
export interface Reads {
  calls: number
  /** As many as it asked for, whether they were there or not. */
  rows: number
  minutes: number
  days: number
}

/** The most that one request may read: what an action looks through to find the jobs that were selected. */
const MOST_READ: Reads = { calls: 40, rows: 7_000, minutes: 26 * 480, days: 180 }

/** Counts what is read of a storage from now on; `take` answers it, and begins anew. */
export function countReads(tap: Tapped): { take(): Reads } {
  let reads: Reads = { calls: 0, rows: 0, minutes: 0, days: 0 }
  let before = tap.calls.length
  tap.on('page', (call, _, { limit }) => {
    reads.rows += limit
    return call()
  })
  tap.on('scan', (call, _, { limit }) => {
    reads.rows += limit
    return call()
  })
  tap.on('metrics', (call, { minutes }) => {
    reads.minutes += minutes
    return call()
  })
  tap.on('stats', (call, days) => {
    reads.days += days
    return call()
  })
  return {
    take() {
      const taken = { ...reads, calls: tap.calls.length - before }
      reads = { calls: 0, rows: 0, minutes: 0, days: 0 }
      before = tap.calls.length
      return taken
    },
  }
}

/** The names of what was read beyond the most. */
export const beyond = (reads: Reads): string[] =>
  (Object.keys(MOST_READ) as (keyof Reads)[]).filter((name) => !(reads[name] <= MOST_READ[name]))
