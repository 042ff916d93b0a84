// How many jobs are enqueued and performed in a second while so many others wait. Each job that is performed enqueues
// another one, so as many wait at the end as at the beginning.

import { Quayside } from 'quayside'
import { memoryStorage } from 'quayside/memory'
import { measure, timed } from './measure.mjs'

const WARM_UP = 10_000

/** @typedef {{ waiting: number, jobs: number }} Settings */

await measure(async (/** @type {Settings} */ { waiting, jobs }) => {
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  let performed = 0
  let until = 0
  /** @type {(() => void) | undefined} */
  let done
  let isOver = false
  const job = app.job('Next', {
    perform: async (/** @type {number} */ index) => {
      // Jobs that only ever enqueue the next would keep the process from anything else, such as its end.
      if (!isOver) await job.performAsync(index)
      if (++performed === until) done?.()
    },
  })
  await job.performBulk(Array.from({ length: waiting }, (_, index) => [index]))
  app.work({ concurrency: 10 })
  await performMore(WARM_UP)
  const { seconds, cpuSeconds } = await timed(() => performMore(jobs))
  const { enqueued, running } = await app.stats()
  isOver = true
  if (Math.abs(enqueued + running - waiting) > 20) throw new Error(`${enqueued} jobs wait, not ${waiting}.`)
  return { perSecond: jobs / seconds, cpuMicrosPerJob: (cpuSeconds / jobs) * 1e6 }

  /** @param {number} count @returns {Promise<void>} */
  function performMore(count) {
    until = performed + count
    return new Promise((resolve) => {
      done = resolve
    })
  }
})
