import { Ledger } from '../../ledger.mjs'
import { contender, numbers } from './contenders.mjs'

const WARM_UP = 200
const TURN = 1_000

/**
 * How many jobs a page stores in a second when nobody performs them: each when the one before is durable, or a thousand
 * in one turn. All of them are then read back.
 * @param {{ contender: import('./contenders.mjs').Name, jobs: number, by: 'one' | 'turn' }} settings
 */
export async function enqueue({ contender: name, jobs, by }) {
  const queue = await contender(name)
  const store = by === 'one' ? oneByOne : inTurns
  await oneByOne(queue, numbers(0, WARM_UP))
  const start = performance.now()
  await store(queue, numbers(WARM_UP, jobs))
  const seconds = (performance.now() - start) / 1000
  const ledger = new Ledger(WARM_UP + jobs)
  for (const index of await queue.waiting()) ledger.count(index)
  await ledger.check()
  return { perSecond: jobs / seconds }
}

/** @param {import('./contenders.mjs').Contender} queue @param {number[]} indexes */
export async function oneByOne(queue, indexes) {
  for (const index of indexes) await queue.enqueue(index)
}

/** @param {import('./contenders.mjs').Contender} queue @param {number[]} indexes */
export async function inTurns(queue, indexes) {
  for (let from = 0; from < indexes.length; from += TURN) await queue.enqueueAll(indexes.slice(from, from + TURN))
}
