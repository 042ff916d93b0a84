// How late scheduled jobs are performed, in a process that has nothing else to do. They are due at random instants.

import { setTimeout as sleep } from 'node:timers/promises'
import { Quayside } from 'quayside'
import { memoryStorage } from 'quayside/memory'
import { Ledger } from './ledger.mjs'
import { measure, percentile } from './measure.mjs'
import { wallClockOrigin } from './wall-clock.mjs'

/** Time to enqueue them all before the first is due. */
const AHEAD_MS = 500

/** @typedef {{ jobs: number, withinMs: number }} Settings */

await measure(async (/** @type {Settings} */ { jobs, withinMs }) => {
  const ledger = new Ledger(jobs)
  const lateMs = new Float64Array(jobs)
  const origin = wallClockOrigin()
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  const job = app.job('Due', {
    perform: async (/** @type {number} */ index, /** @type {number} */ dueMs) => {
      lateMs[index] = origin + performance.now() - dueMs
      ledger.count(index)
    },
  })
  app.work({ concurrency: 10 })
  await sleep(100)
  const from = Date.now() + AHEAD_MS
  for (let index = 0; index < jobs; index++) {
    const dueMs = from + Math.floor(Math.random() * withinMs)
    await job.performAt(new Date(dueMs), index, dueMs)
  }
  if (Date.now() >= from) throw new Error('Enqueuing took so long that the first jobs were due already.')
  await ledger.full()
  await ledger.check()
  if (lateMs.some((late) => late < -1)) throw new Error('A job was performed before it was due.')
  return { p50Ms: percentile(lateMs, 0.5), p99Ms: percentile(lateMs, 0.99) }
})
