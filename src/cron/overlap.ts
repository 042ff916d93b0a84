import { instantMs, jidOf, parsePayload } from '../payload.ts'
import type { Place, Storage } from '../storage.ts'
import type { StoredEntry } from './book.ts'

/** Rows looked at in one call, and calls for one place: enough for 10,000 jobs. */
const BATCH = 1_000
const MOST_BATCHES = 10

/** Clocks of processes, and the storage's, may differ by so much. */
const SKEW_MS = 60_000

/**
 * Whether the job of an entry's last tick still waits, runs, or is to be retried. It is looked for in the order in which
 * jobs move. Of a very long retry set only the first 10,000 are looked at.
 */
export async function isStillGoing(storage: Storage, { definition, last }: StoredEntry): Promise<boolean> {
  if (!last) return false
  const { queue = 'default', retry_queue: retryQueue = queue } = definition.payload
  for (const name of new Set([queue, retryQueue])) if (await isWaiting(storage, name, last)) return true
  return (await isRunning(storage, last.jid)) || (await isIn(storage, 'retry', last.jid)) === true
}

type Last = NonNullable<StoredEntry['last']>

async function isWaiting(storage: Storage, queue: string, { jid, enqueuedAt }: Last): Promise<boolean> {
  const [next] = (await storage.page({ queue }, { offset: 0, limit: 1 })).rows
  if (!next) return false
  const isIn10000 = await isIn(storage, { queue }, jid)
  // Too far back to be found. First in, first out: behind an older job it waits, behind a later one it cannot be.
  return isIn10000 ?? !((enqueuedAtOf(next.text) ?? 0) > enqueuedAt + SKEW_MS)
}

async function isRunning(storage: Storage, jid: string): Promise<boolean> {
  return (await storage.workers()).some(({ running }) => running.some(({ text }) => jidOf(text) === jid))
}

/** Undefined when there are more jobs than are looked at. */
async function isIn(storage: Storage, place: Place, jid: string): Promise<boolean | undefined> {
  let cursor: string | undefined
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    const found = await storage.scan(place, { limit: BATCH, jid, cursor })
    if (found.rows.length > 0) return true
    cursor = found.cursor
    if (cursor === undefined) return false
  }
  return undefined
}

function enqueuedAtOf(text: string): number | undefined {
  try {
    return instantMs(parsePayload(text).enqueued_at)
  } catch {
    return undefined
  }
}
