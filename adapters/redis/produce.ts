import type { Entry, PushId, Refusal } from '../../src/storage.ts'
import type { Argument, Link } from './link.ts'
import { PUSH } from './scripts/push.ts'

export async function push(link: Link, entries: readonly Entry[], { client, number }: PushId): Promise<Refusal[]> {
  const refused = (await link.run(PUSH, (waitedMs) => [client, number, ...flat(entries, waitedMs)])) as [
    number,
    string,
  ][]
  return refused.map(([index, holder]) => ({ index, holder }))
}

/** Entries that need nothing but to be put into the same queue go as one run: their texts, and nothing else. */
function flat(entries: readonly Entry[], waitedMs: number): Argument[] {
  const args: Argument[] = []
  for (let from = 0; from < entries.length; ) {
    const to = endOfRun(entries, from)
    const first = entries[from] as Entry
    if (to === from) args.push('one', ...alone(first, waitedMs))
    else args.push('run', first.queue, to - from)
    for (let at = from; at < to; at++) args.push((entries[at] as Entry).text)
    from = Math.max(to, from + 1)
  }
  return args
}

function endOfRun(entries: readonly Entry[], from: number): number {
  const { queue } = entries[from] as Entry
  let to = from
  for (let entry = entries[to]; entry && isPlain(entry) && entry.queue === queue; entry = entries[to]) to++
  return to
}

const isPlain = ({ delayMs, chosen, unique }: Entry): boolean => delayMs <= 0 && !chosen && !unique

/** A delay runs from the call on, also while that waits for a connection. What was to be scheduled stays so. */
const alone = ({ jid, queue, text, delayMs, chosen, unique }: Entry, waitedMs: number): Argument[] => [
  jid,
  queue,
  text,
  delayMs > 0 ? Math.max(1, delayMs - waitedMs) : 0,
  chosen ? '1' : '',
  unique?.key ?? '',
  unique?.forMs ?? '',
]
