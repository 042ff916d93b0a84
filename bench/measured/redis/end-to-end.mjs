// How many jobs get from a process that enqueues them, one by one with 100 in flight, through one that performs them.

import { Ledger } from '../ledger.mjs'
import { measure, timed } from '../measure.mjs'
import { contender } from './contenders.mjs'
import { elsewhere } from './elsewhere.mjs'
import { settled } from './settled.mjs'

const WARM_UP = 5_000

/** @typedef {{ contender: string, url: string, jobs: number, concurrency: number }} Settings */

await measure(async (/** @type {Settings} */ { contender: name, url, jobs, concurrency }) => {
  const ledger = new Ledger(WARM_UP + jobs)
  const { open, work } = await contender(name)
  const producer = await elsewhere('produce.mjs', { contender: name, url, bulk: WARM_UP, single: jobs })
  await work({ url }, { concurrency, perform: async (index) => ledger.count(index) })
  await settled(await open({ url }))
  const { seconds, cpuSeconds } = await timed(() => Promise.all([producer.goOn(), ledger.full()]))
  await ledger.check()
  await settled(await open({ url }))
  return { perSecond: jobs / seconds, cpuMicrosPerJob: (cpuSeconds / jobs) * 1e6 }
})
