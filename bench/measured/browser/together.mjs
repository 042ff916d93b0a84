// How many jobs that do nothing so many tabs perform in a second, when all wait already. Each tab has its own worker.

import { setTimeout as sleep } from 'node:timers/promises'
import { Ledger } from '../ledger.mjs'
import { measure } from '../measure.mjs'
import { Tabs } from './tabs.mjs'

const WARM_UP = 500

/** @typedef {import('./tabs.mjs').Place & { tabs: number, jobs: number, concurrency: number }} Settings */

await measure(async (/** @type {Settings} */ { tabs: count, jobs, concurrency, ...place }) => {
  const all = await Tabs.open(place)
  const opened = await Promise.all(Array.from({ length: count }, () => all.tab()))
  const [first] = opened
  await first?.call('fill', { jobs: WARM_UP + jobs })
  await Promise.all(opened.map((tab) => tab.call('work', { concurrency })))
  // Asked seldom: the answer costs the tabs a little.
  while (((await first?.call('unfinished', undefined)) ?? 0) > 0) await sleep(100)
  const found = await Promise.all(opened.map((tab) => tab.call('found', undefined)))
  await all.close(...opened)
  const ledger = new Ledger(WARM_UP + jobs)
  for (const index of found.flatMap(({ indexes }) => indexes)) ledger.count(index)
  await ledger.check()
  const times = found.flatMap(({ times }) => times).sort((a, b) => a - b)
  const tookMs = (times.at(-1) ?? Number.NaN) - (times[WARM_UP - 1] ?? Number.NaN)
  const shares = found.map(({ indexes }) => indexes.length / (WARM_UP + jobs))
  return { perSecond: (jobs / tookMs) * 1000, leastShare: Math.min(...shares) * count * 100 }
})
