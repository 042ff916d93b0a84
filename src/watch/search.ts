import type { Place, Storage } from '../storage.ts'
import { restingJob, type WatchedJob } from './watched-job.ts'

/** Rows looked at in one call of the storage. */
const BATCH = 500

/** How many calls all searches of one look may make: a hundred thousand jobs that wait are no reason to read them all. */
const CALLS = 100

/** What the searches of one look may still cost. */
export class Allowance {
  #calls: number = CALLS

  /** False when all is spent. */
  spend(): boolean {
    return this.#calls-- > 0
  }

  get isSpent(): boolean {
    return this.#calls <= 0
  }
}

/** Looks for a job in these places, one after the other. 'too far': the allowance was spent before it was found. */
export async function search(
  storage: Storage,
  jid: string,
  places: readonly Place[],
  allowance: Allowance,
): Promise<WatchedJob | 'nowhere' | 'too far'> {
  for (const place of places) {
    let cursor: string | undefined
    do {
      if (!allowance.spend()) return 'too far'
      const scan = await storage.scan(place, { jid, limit: BATCH, cursor })
      const [row] = scan.rows
      if (row) return restingJob(jid, place, row)
      cursor = scan.cursor
    } while (cursor !== undefined)
  }
  return 'nowhere'
}
