import { enqueuedText, parsePayload, type Stamp } from '../../src/payload.ts'
import type { Promotion } from '../../src/storage.ts'
import type { Argument, Link } from './link.ts'
import { DUE, PROMOTE } from './scripts/promote.ts'

/** Rows that one script moves: it keeps Redis busy for about a millisecond. */
const SLICE = 250

/**
 * Reads what is due, writes the new texts here, and moves each row if it is still there: a script cannot write JSON
 * without harm. So each row is moved once, by us or by Ruby's poller. Goes on until nothing is due, or `limit` rows
 * have moved; the last look, which finds nothing to do, tells when the next is due, and Redis to tell of what is
 * sooner.
 */
export async function promote(link: Link, limit: number, stamp: Stamp): Promise<Promotion> {
  const keys = [`${link.prefix}schedule`, `${link.prefix}retry`]
  for (let promoted = 0; ; ) {
    const slice = Math.min(SLICE, limit - promoted)
    const reply = (await link.run(DUE, [slice], { keys, watch: true, bytes: true })) as Reply
    const now = Number(reply[0])
    const rows = [...reply[2]].sort(([, one], [, other]) => Number(one) - Number(other)).slice(0, slice)
    if (rows.length === 0) return { promoted, nextMs: nextMs(reply[1].toString(), now) }
    promoted += Number(await link.run(PROMOTE, rows.flatMap(enqueued(now, stamp))))
  }
}

type DueRow = [set: Buffer, score: Buffer, text: Buffer]
type Reply = [now: Buffer, next: Buffer, rows: DueRow[]]

function nextMs(seconds: string, now: number): number | undefined {
  return seconds === '' ? undefined : Math.max(0, Math.ceil(Number(seconds) * 1000 - now))
}

function enqueued(now: number, stamp: Stamp): (row: DueRow) => Argument[] {
  return ([set, , was]) => {
    const text = was.toString()
    const queue = queueOf(text)
    if (!text.includes('\ufffd')) return [set, text, queue, enqueuedText(text, now, stamp)]
    // Bytes that are no UTF-8: read as Latin-1 each of them is a letter, and comes out as it went in.
    return [set, was, queue, Buffer.from(enqueuedText(was.toString('latin1'), now, stamp), 'latin1')]
  }
}

/** The text has the last word: a failed job may have been given another queue (`retry_queue`) when it was settled. */
function queueOf(text: string): string {
  try {
    const { queue } = parsePayload(text)
    // Bytes of others may say anything, and nobody would look for the job in a queue `[object Object]`.
    return typeof queue === 'string' && queue !== '' ? queue : 'default'
  } catch {
    return 'default'
  }
}
