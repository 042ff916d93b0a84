// What a waiting job takes in the memory of Redis, beside its bare payload in a list: the very texts where the
// contender keeps them so, else those that Sidekiq would have.

import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { measure } from '../measure.mjs'
import { contender } from './contenders.mjs'
import { elsewhere } from './elsewhere.mjs'
import { payload, textsIn } from './lists.mjs'
import { Server } from './server.mjs'

const AT_ONCE = 1_000

/** @typedef {{ contender: string, url: string, jobs: number, by: 'call' | 'bulk' }} Settings */

await measure(async (/** @type {Settings} */ { contender: name, url, jobs, by }) => {
  const server = new Server(url)
  const redis = new Redis(url)
  const bytesPerJob = await growth(async () => {
    const numbers = by === 'bulk' ? { bulk: jobs, single: 0 } : { bulk: 0, single: jobs }
    const producer = await elsewhere('produce.mjs', { contender: name, url, ...numbers })
    await producer.goOn()
  })
  const found = await textsIn({ url })
  const waiting = found.length || (await (await (await contender(name)).open({ url })).waiting()).length
  if (waiting !== jobs) throw new Error(`${waiting} of ${jobs} jobs wait.`)
  await redis.flushall()
  const texts = found.length > 0 ? found : Array.from({ length: jobs }, (_, index) => payload(index))
  const bareBytesPerJob = await growth(async () => {
    for (let from = 0; from < jobs; from += AT_ONCE)
      await redis.lpush('queue:default', ...texts.slice(from, from + AT_ONCE))
  })
  return { bytesPerJob, timesBare: bytesPerJob / bareBytesPerJob }

  /** @param {() => Promise<void>} fill */
  async function growth(fill) {
    const before = await server.usedBytes()
    await fill()
    // Redis has buffers for whoever filled it until it notices that nobody is there any more.
    await sleep(100)
    return ((await server.usedBytes()) - before) / jobs
  }
})
