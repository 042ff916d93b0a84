// How many jobs that do nothing one worker process performs in a second. Another process has enqueued them before. The
// clock runs from the last job of the warm-up to the last of all; each is settled as its queue settles jobs, and that
// is checked as well.

import { Ledger } from '../ledger.mjs'
import { measure, timed } from '../measure.mjs'
import { contender } from './contenders.mjs'
import { elsewhere } from './elsewhere.mjs'
import { Server } from './server.mjs'
import { settled } from './settled.mjs'

const WARM_UP = 5_000

/** @typedef {{ contender: string, url: string, jobs: number, concurrency: number }} Settings */

await measure(async (/** @type {Settings} */ { contender: name, url, jobs, concurrency }) => {
  const ledger = new Ledger(WARM_UP + jobs)
  const server = new Server(url)
  const producer = await elsewhere('produce.mjs', { contender: name, url, bulk: WARM_UP + jobs, single: 0 })
  await producer.goOn()
  const { open, work } = await contender(name)
  let performed = 0
  /** @type {() => void} */
  let onWarm
  const warm = new Promise((resolve) => {
    onWarm = () => resolve(undefined)
  })
  await work(
    { url },
    {
      concurrency,
      perform: async (index) => {
        ledger.count(index)
        if (++performed === WARM_UP) onWarm()
      },
    },
  )
  await warm
  const asked = server.cpuSeconds()
  const { seconds, cpuSeconds } = await timed(() => ledger.full())
  const redisSeconds = (await server.cpuSeconds()) - (await asked)
  const rssMB = process.resourceUsage().maxRSS / 1024
  await ledger.check()
  await settled(await open({ url }))
  return {
    perSecond: jobs / seconds,
    cpuMicrosPerJob: (cpuSeconds / jobs) * 1e6,
    redisMicrosPerJob: (redisSeconds / jobs) * 1e6,
    rssMB,
  }
})
