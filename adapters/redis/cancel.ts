import type { Place } from '../../src/storage.ts'
import { queueNames } from './inspect.ts'
import type { Link } from './link.ts'
import { remove } from './manage.ts'
import { plain, scan } from './pages.ts'
import { MARK, UNMARK } from './scripts/cancel.ts'

/** Rows that one call looks at: half a millisecond. */
const STEP = 500

/**
 * Redis cannot find a job by its jid: an index would take more memory than the jobs, and Ruby would not keep it. So
 * this looks among what runs, leaves a mark, and then looks through all that waits. A job that moves on meanwhile meets
 * the mark, and is dropped by whoever moves it. If this process dies, the mark ends after ten minutes.
 */
export async function cancel(link: Link, jid: string): Promise<'waiting' | 'running' | 'gone'> {
  if ((await link.run(MARK, [jid, plain(jid)])) === 'running') return 'running'
  const isFound = await removeWaiting(link, jid)
  const mark = await link.run(UNMARK, [jid])
  return isFound || mark === 'hit' ? 'waiting' : 'gone'
}

async function removeWaiting(link: Link, jid: string): Promise<boolean> {
  const places: Place[] = [...(await queueNames(link)).map((queue) => ({ queue })), 'scheduled', 'retry']
  for (const place of places) {
    let cursor: string | undefined
    do {
      const { rows, cursor: next } = await scan(link, place, { limit: STEP, jid, cursor })
      for (const { key } of rows) if ((await remove(link, place, [key])) > 0) return true
      cursor = next
    } while (cursor !== undefined)
  }
  return false
}
