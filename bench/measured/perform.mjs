// How many jobs that do nothing are enqueued and performed in a second. All are enqueued at once, each by its own call;
// the clock stops when each is performed and each call has been answered.

import { contender } from './contenders.mjs'
import { Ledger } from './ledger.mjs'
import { measure, timed } from './measure.mjs'

const WARM_UP = 10_000

/** @typedef {{ contender: string, jobs: number, concurrency: number }} Settings */

await measure(async (/** @type {Settings} */ { contender: name, jobs, concurrency }) => {
  let ledger = new Ledger(WARM_UP)
  const queue = await contender(name, {
    concurrency,
    perform: async (index) => {
      ledger.count(index)
    },
  })
  await performAll(WARM_UP)
  ledger = new Ledger(jobs)
  const { seconds, cpuSeconds } = await timed(() => performAll(jobs))
  await ledger.check()
  return { perSecond: jobs / seconds, cpuMicrosPerJob: (cpuSeconds / jobs) * 1e6 }

  /** @param {number} count */
  async function performAll(count) {
    const answers = new Array(count)
    for (let index = 0; index < count; index++) answers[index] = queue.enqueue(index)
    await Promise.all(answers)
    await ledger.full()
  }
})
