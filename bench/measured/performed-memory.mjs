// What is left in memory of a million jobs once they are performed.

import { Quayside } from 'quayside'
import { memoryStorage } from 'quayside/memory'
import { Ledger } from './ledger.mjs'
import { bytesInUse, measure } from './measure.mjs'

/** So many pushes that the storage's memory of push ids is as full as it gets. */
const WARM_UP = 20_000
const SLICE = 1_000

/** @typedef {{ jobs: number }} Settings */

await measure(async (/** @type {Settings} */ { jobs }) => {
  let ledger = new Ledger(WARM_UP)
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  const job = app.job('NoOp', {
    perform: async (/** @type {number} */ index) => {
      ledger.count(index)
    },
  })
  app.work({ concurrency: 10 })
  for (let index = 0; index < WARM_UP; index++) await job.performAsync(index)
  await ledger.full()
  ledger = new Ledger(jobs)
  const before = await bytesInUse()
  for (let from = 0; from < jobs; from += SLICE) {
    await Promise.all(
      Array.from({ length: Math.min(SLICE, jobs - from) }, (_, offset) => job.performAsync(from + offset)),
    )
  }
  await ledger.full()
  await ledger.check()
  return { leftBytes: (await bytesInUse()) - before }
})
