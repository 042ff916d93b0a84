import { parsePayload } from '../../../payload.ts'
import type { Settlement } from '../../../storage.ts'
import { must } from '../violation.ts'

/** Jobs that may end before they are done: one gives up by itself, and one has no time. */
const GIVES_UP = 'Fickle'
const EXPIRES = 'ShortLived'

/** Jobs that nothing can befall but that the network is away. */
const REQUIRE_NETWORK: readonly string[] = ['Upload', 'OnlyUpload']

/** A worker ends a job only as the job's own options say: after all its retries, unless it gives up or expires. */
export function checkEnd({ to, tally }: Settlement, text: string): void {
  const { class: job, jid, retry, retry_count: count } = parsePayload(text)
  if (job === GIVES_UP) return
  const hasFailed = tally === 'failed' || (to === 'nowhere' && (count ?? -1) >= 0)
  must(!hasFailed || !REQUIRE_NETWORK.includes(job), () => `${job} has spent an attempt on an outage`, jid)
  const isDropped = to === 'nowhere' && tally === 'failed'
  must(!isDropped, () => `${job} failed, and was dropped with retries left`, jid)
  const isExpired = to === 'nowhere' && tally === 'none'
  must(!isExpired || job === EXPIRES, () => `${job} was dropped before it began, and has no time limit`, jid)
  const isExhausted = typeof retry === 'number' && count === retry
  const isDead = to === 'dead' && tally === 'failed'
  must(!isDead || isExhausted, () => `${job} is dead after retry ${count}; it has ${retry}`, jid)
}
