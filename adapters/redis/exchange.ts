import { OptionError } from '../../src/errors.ts'
import type { ClaimedJob, Exchange, Exchanged, Settlement, Storage, StorageSettings } from '../../src/storage.ts'
import type { Argument, Link } from './link.ts'
import { EXCHANGE, LOOK } from './scripts/exchange.ts'
import type { Waking } from './waking/waking.ts'

/** What an exchange needs of the waking: to know what Redis will tell of, and to wake. */
export type Watch = Pick<Waking, 'isWatching' | 'unwatch' | 'ring'>

/**
 * Makes the call that settles and claims.
 *
 * A worker waits after an answer with fewer jobs than it asked for, and then Redis must tell of the next change in its
 * queues. It does so once. So a call that found less than it asked for is followed by another one, unless Redis still
 * has to tell of all these queues: that asks Redis to tell, and looks whether something came between the two, in one
 * step. To ask along with the claim itself would take one call less, but the way from a wake to its job would be longer.
 */
export function exchanging(link: Link, dead: StorageSettings['dead'], watch: Watch): Storage['exchange'] {
  async function exchange(asked: Exchange): Promise<Exchanged> {
    const [how, first, ...rest] = (await link.run(EXCHANGE, flat(asked, dead))) as Reply
    if (how === 'old') throw tooOld(asked, first)
    const answer = exchanged(asked, Number(first), rest)
    if (answer.jobs.length < asked.limit && asked.queues.length > 0) look(asked.queues)
    return answer
  }

  /** Nobody waits for it. If it fails with its connection, the next one wakes the worker anyway. */
  function look(queues: readonly string[]): void {
    const keys = keysOf(link, queues)
    if (watch.isWatching(keys)) return
    link.run(LOOK, queues, { keys, watch: true }).then(
      (found) => found === 1 && watch.ring('claimable'),
      () => watch.unwatch(keys),
    )
  }

  return exchange
}

type Reply = ['new' | 'again' | 'old', first: string, ...Rest]
type Rest = [refused: string, recoveries: string, ...runs: (string | (string | null)[])[]]

const keysOf = ({ prefix }: Link, queues: readonly string[]): string[] => [
  ...queues.map((queue) => `${prefix}queue:${queue}`),
  `${prefix}paused`,
]

function flat(asked: Exchange, dead: StorageSettings['dead']): Argument[] {
  const { worker, leaseMs, lane, request, limit, ahead, queues, begun, settlements } = asked
  const done: number[] = []
  const others: Argument[] = []
  for (const settlement of settlements) {
    if (isPlain(settlement)) done.push(settlement.token)
    else others.push(...inFull(settlement))
  }
  const counts = [queues.length, begun.length, done.length]
  const fixed = [worker, leaseMs, lane, request, limit, ahead, dead.max, dead.forMs, ...counts]
  return [...fixed, ...queues, ...begun, ...done, ...others]
}

/** What becomes of nearly all jobs. Their tokens say it all. */
const isPlain = ({ to, tally, unlock }: Settlement): boolean => to === 'nowhere' && tally === 'ok' && !unlock

function inFull(settlement: Settlement): Argument[] {
  const { token, tally, unlock } = settlement
  const delayMs = 'delayMs' in settlement ? settlement.delayMs : 0
  const text = ('text' in settlement ? settlement.text : undefined) ?? ''
  return [token, placeOf(settlement), tally, delayMs, text, unlock?.key ?? '', unlock?.owner ?? '']
}

function placeOf(settlement: Settlement): string {
  if (settlement.to === 'dead') return settlement.text === undefined ? 'dead as it was' : 'dead'
  return settlement.to === 'scheduled' ? 'schedule' : settlement.to
}

/** The tokens of one answer follow each other. */
function exchanged({ settlements }: Exchange, first: number, [refused, recoveries, ...runs]: Rest): Exchanged {
  const jobs: ClaimedJob[] = []
  const counts = recoveries === '' ? [] : recoveries.split(' ')
  let token = first
  for (let at = 0; at < runs.length; at += 2) {
    const queue = runs[at] as string
    for (const text of runs[at + 1] as (string | null)[]) {
      // A repeated answer has gaps where the worker has lost a job since.
      if (text !== null) jobs.push({ token, queue, text, recoveries: Number(counts[token - first] ?? 0) })
      token++
    }
  }
  return { jobs, refused: refused === '' ? [] : inOrder(refused.split(' ').map(Number), settlements) }
}

/** In the order in which they were to be settled. The script took the plain ones first. */
function inOrder(refused: number[], settlements: readonly Settlement[]): number[] {
  const places = new Map(settlements.map(({ token }, place) => [token, place]))
  return refused.sort((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0))
}

const tooOld = ({ request, lane }: Exchange, last: string): OptionError =>
  new OptionError(`exchange(): request ${request} of lane '${lane}' is older than ${last}, its last.`)
