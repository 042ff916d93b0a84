import { Ledger } from '../../ledger.mjs'
import { contender, numbers } from './contenders.mjs'
import { rate } from './drain.mjs'
import { inTurns, oneByOne } from './enqueue.mjs'
import { left } from './unfinished.mjs'

const WARM_UP = 200
const SINGLE = 200
const FILLED_AT_ONCE = 10_000

/**
 * How many jobs a page stores, and how many it performs, in a second while so many others wait in the same queue. Those
 * that it performs are the oldest; whichever is behind them never ends, and stays.
 * @param {{ waiting: number, jobs: number, concurrency: number }} settings
 */
export async function backlog({ waiting, jobs, concurrency }) {
  const queue = await contender('quayside')
  const performed = WARM_UP + jobs
  const filled = performed + waiting - jobs - SINGLE
  for (let from = 0; from < filled; from += FILLED_AT_ONCE) {
    await queue.fill(numbers(from, Math.min(FILLED_AT_ONCE, filled - from)))
  }
  const singleSeconds = await seconds(() => oneByOne(queue, numbers(filled, SINGLE)))
  const turnSeconds = await seconds(() => inTurns(queue, numbers(filled + SINGLE, jobs)))
  const ledger = new Ledger(performed)
  /** @type {number[]} */
  const times = []
  queue.work?.({
    concurrency,
    perform: async (index) => {
      if (index >= performed) return new Promise(() => {})
      times.push(performance.now())
      ledger.count(index)
    },
  })
  await ledger.full()
  await left(queue, waiting)
  await ledger.check()
  return {
    singlePerSecond: SINGLE / singleSeconds,
    turnPerSecond: jobs / turnSeconds,
    performedPerSecond: rate(times.slice(WARM_UP - 1)),
  }
}

/** @param {() => Promise<unknown>} work */
async function seconds(work) {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
