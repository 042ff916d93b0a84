import { enqueuedText, parsePayload } from '../../src/payload.ts'
import type { Promotion } from '../../src/storage.ts'
import { enqueue, soonest } from './places.ts'
import type { Store, StoredJob } from './store.ts'

export function promote(store: Store, limit: number, now: number): Promotion {
  let promoted = 0
  for (; promoted < limit; promoted++) {
    const job = takeDue(store, now)
    if (job === undefined) break
    job.text = enqueuedText(job.text, now)
    enqueue(store, queueOf(job), job)
  }
  const nextAt = soonest(store).first?.at
  return { promoted, nextMs: nextAt === undefined ? undefined : Math.max(0, nextAt - now) }
}

function takeDue(store: Store, now: number): StoredJob | undefined {
  const set = soonest(store)
  return set.first && set.first.at <= now ? set.shift() : undefined
}

/** The text has the last word: a failed job may have been given another queue (`retry_queue`) when it was settled. */
function queueOf({ text }: StoredJob): string {
  try {
    const { queue } = parsePayload(text)
    // Bytes of others may say anything, and nobody would look for the job in a queue `[object Object]`.
    return typeof queue === 'string' && queue !== '' ? queue : 'default'
  } catch {
    return 'default'
  }
}
