// How many jobs are enqueued in a second, when nobody performs them: each by its own call, or all by one.

import { Quayside } from 'quayside'
import { memoryStorage } from 'quayside/memory'
import { measure, timed } from './measure.mjs'

const WARM_UP = 10_000

/** @typedef {{ by: 'performAsync' | 'performBulk', jobs: number }} Settings */

await measure(async (/** @type {Settings} */ { by, jobs }) => {
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  const job = app.job('NoOp', { perform: async (/** @type {number} */ _index) => {} })
  await enqueue(argumentsOf(WARM_UP))
  await app.clear()
  const argsList = argumentsOf(jobs)
  const { seconds, cpuSeconds } = await timed(() => enqueue(argsList))
  const { enqueued } = await app.stats()
  if (enqueued !== jobs) throw new Error(`${enqueued} of ${jobs} jobs are in the queue.`)
  return { perSecond: jobs / seconds, cpuMicrosPerJob: (cpuSeconds / jobs) * 1e6 }

  /** @param {[index: number][]} argsList */
  async function enqueue(argsList) {
    if (by === 'performBulk') await job.performBulk(argsList)
    else await Promise.all(argsList.map(([index]) => job.performAsync(index)))
  }
})

/**
 * @param {number} jobs
 * @returns {[index: number][]}
 */
function argumentsOf(jobs) {
  return Array.from({ length: jobs }, (_, index) => [index])
}
