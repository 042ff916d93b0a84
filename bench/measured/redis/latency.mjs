// How long it takes from the call that enqueues a job to its first line, on a worker that idles on so many queues; and,
// between the jobs, a plain round trip: a PING on a connection of its own.

import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { Ledger } from '../ledger.mjs'
import { measure, percentile } from '../measure.mjs'
import { contender } from './contenders.mjs'
import { pushers } from './pushing.mjs'

const WARM_UP = 100

/** @typedef {{ contender: string, url: string, queues: number, jobs: number, by: keyof typeof pushers }} Settings */

await measure(async (/** @type {Settings} */ settings) => {
  const { url, queues, jobs } = settings
  const ledger = new Ledger(WARM_UP + jobs)
  const tookMs = new Float64Array(jobs)
  const roundTripMs = new Float64Array(jobs)
  const redis = new Redis(url)
  let performedAt = 0
  /** @type {(() => void) | undefined} */
  let onPerformed
  const perform = async (/** @type {number} */ index) => {
    performedAt = performance.now()
    ledger.count(index)
    onPerformed?.()
  }
  await (await contender(settings.contender)).work({ url, queues }, { concurrency: 10, perform })
  const push = await pushers[settings.by](settings)
  for (let index = 0; index < WARM_UP; index++) await sample(index)
  for (let index = 0; index < jobs; index++) {
    tookMs[index] = await sample(WARM_UP + index)
    roundTripMs[index] = await roundTrip()
  }
  await ledger.check()
  const p50Ms = percentile(tookMs, 0.5)
  return { p50Ms, p99Ms: percentile(tookMs, 0.99), roundTrips: p50Ms / percentile(roundTripMs, 0.5) }

  /** @param {number} index */
  async function sample(index) {
    await asleep()
    const performed = new Promise((resolve) => {
      onPerformed = () => resolve(undefined)
    })
    const [calledAt] = await Promise.all([push(index), performed])
    return performedAt - calledAt
  }

  async function roundTrip() {
    await asleep()
    const calledAt = performance.now()
    await redis.ping()
    return performance.now() - calledAt
  }
})

/** Until all that followed the last job is over, and nobody knows when the next one comes. */
function asleep() {
  return sleep(1 + Math.random() * 4)
}
