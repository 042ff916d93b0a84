// How late scheduled jobs are performed, in a process that has nothing else to do. They are due at random instants.

import { Ledger } from '../ledger.mjs'
import { measure, percentile } from '../measure.mjs'
import { wallClockOrigin } from '../wall-clock.mjs'
import { contender } from './contenders.mjs'

/** Time to enqueue them all before the first is due. */
const AHEAD_MS = 1_000

const AT_ONCE = 10

/** @typedef {{ contender: string, url: string, jobs: number, withinMs: number }} Settings */

await measure(async (/** @type {Settings} */ { contender: name, url, jobs, withinMs }) => {
  let ledger = new Ledger(1)
  const dueMs = new Float64Array(jobs)
  const lateMs = new Float64Array(jobs)
  const origin = wallClockOrigin()
  const { open, work } = await contender(name)
  const { enqueue } = await open({ url })
  const perform = async (/** @type {number} */ index) => {
    lateMs[index] = origin + performance.now() - (dueMs[index] ?? NaN)
    ledger.count(index)
  }
  await work({ url }, { concurrency: 10, perform })
  // One that is due at once: from here on everybody is connected.
  await enqueue(0)
  await ledger.full()
  ledger = new Ledger(jobs)
  const from = Date.now() + AHEAD_MS
  // Not all in one turn: then the way to Redis would be measured, which takes milliseconds for so many.
  for (let index = 0; index < jobs; ) {
    const answers = []
    for (const end = Math.min(index + AT_ONCE, jobs); index < end; index++) {
      dueMs[index] = from + Math.floor(Math.random() * withinMs)
      answers.push(enqueue(index, dueMs[index]))
    }
    await Promise.all(answers)
  }
  if (Date.now() >= from) throw new Error('Enqueuing took so long that the first jobs were due already.')
  await ledger.full()
  await ledger.check()
  if (lateMs.some((late) => late < -1)) throw new Error('A job was performed before it was due.')
  return { p50Ms: percentile(lateMs, 0.5), p99Ms: percentile(lateMs, 0.99) }
})
