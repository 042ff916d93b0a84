// How long it takes from the call that enqueues a job to the first line of the job, while nothing else is going on.

import { setImmediate as turn } from 'node:timers/promises'
import { contender } from './contenders.mjs'
import { measure, percentile } from './measure.mjs'

const WARM_UP = 2_000

/** @typedef {{ contender: string, jobs: number }} Settings */

await measure(async (/** @type {Settings} */ { contender: name, jobs }) => {
  let calledAt = 0
  const micros = new Float64Array(jobs)
  let performed = 0
  const queue = await contender(name, {
    concurrency: 10,
    perform: async (index) => {
      micros[index] = (performance.now() - calledAt) * 1000
      performed++
    },
  })
  await sample(WARM_UP)
  performed = 0
  await sample(jobs)
  if (performed !== jobs) throw new Error(`${performed} of ${jobs} jobs were performed.`)
  return { p50Micros: percentile(micros, 0.5), p99Micros: percentile(micros, 0.99) }

  /** @param {number} count */
  async function sample(count) {
    for (let index = 0; index < count; index++) {
      const before = performed
      calledAt = performance.now()
      await queue.enqueue(index)
      // Until it is performed, and all that follows is done as well: the next one shall find everybody asleep.
      do await turn()
      while (performed === before)
      await turn()
    }
  }
})
