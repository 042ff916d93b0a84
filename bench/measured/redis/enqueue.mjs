// How many jobs one process enqueues in a second, when nobody performs them: each by its own call with 100 in flight,
// or 1,000 by each call. All of them are then read back from Redis.

import { Ledger } from '../ledger.mjs'
import { measure, timed } from '../measure.mjs'
import { contender } from './contenders.mjs'
import { inBulk, inFlight } from './enqueuing.mjs'
import { Server } from './server.mjs'

const WARM_UP = 5_000

/** @typedef {{ contender: string, url: string, jobs: number, by: 'call' | 'bulk' }} Settings */

await measure(async (/** @type {Settings} */ { contender: name, url, jobs, by }) => {
  const { open } = await contender(name)
  const producer = await open({ url, burst: true })
  const server = new Server(url)
  const enqueue = by === 'call' ? inFlight : inBulk
  await enqueue(producer, 0, WARM_UP)
  const before = await server.cpuSeconds()
  const { seconds, cpuSeconds } = await timed(() => enqueue(producer, WARM_UP, WARM_UP + jobs))
  const redisSeconds = (await server.cpuSeconds()) - before
  const ledger = new Ledger(WARM_UP + jobs)
  for (const index of await producer.waiting()) ledger.count(index)
  await ledger.check()
  return {
    perSecond: jobs / seconds,
    cpuMicrosPerJob: (cpuSeconds / jobs) * 1e6,
    redisMicrosPerJob: (redisSeconds / jobs) * 1e6,
  }
})
