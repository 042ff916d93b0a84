import { Ledger } from '../../ledger.mjs'
import { contender, numbers } from './contenders.mjs'
import { longTasks } from './long-tasks.mjs'
import { left } from './unfinished.mjs'

const WARM_UP = 200

/**
 * How many jobs that do nothing a page performs in a second, when all wait already. The clock runs from the last job of
 * the warm-up to the last of all.
 * @param {{ contender: import('./contenders.mjs').Name, jobs: number, concurrency: number }} settings
 */
export async function drain({ contender: name, jobs, concurrency }) {
  const queue = await contender(name)
  const ledger = new Ledger(WARM_UP + jobs)
  /** @type {number[]} */
  const times = []
  await queue.fill(numbers(0, WARM_UP + jobs))
  const tasks = longTasks()
  queue.work?.({
    concurrency,
    perform: async (index) => {
      times.push(performance.now())
      ledger.count(index)
    },
  })
  await ledger.full()
  await left(queue, 0)
  await ledger.check()
  const measured = times.slice(WARM_UP - 1)
  const fifth = Math.floor(jobs / 5)
  return {
    perSecond: rate(measured),
    lastToFirst: rate(measured.slice(-fifth - 1)) / rate(measured.slice(0, fifth + 1)),
    ...tasks.end(),
  }
}

/** How many a second came behind the first one. @param {number[]} times in milliseconds, rising */
export function rate(times) {
  const [first = Number.NaN] = times
  const last = times.at(-1) ?? Number.NaN
  return ((times.length - 1) / (last - first)) * 1000
}
