// How long it takes from the call that enqueues a job in one tab to the job in another.

import { measure, percentile } from '../measure.mjs'
import { Tabs } from './tabs.mjs'

const WARM_UP = 20

await measure(async (/** @type {import('./tabs.mjs').Place & { jobs: number }} */ { jobs, ...place }) => {
  const tabs = await Tabs.open(place)
  const [performing, enqueuing] = [await tabs.tab(), await tabs.tab()]
  await performing.call('answer', undefined)
  const samples = await enqueuing.call('ask', { jobs: WARM_UP + jobs })
  await tabs.close(performing, enqueuing)
  const tookMs = Float64Array.from(samples.slice(WARM_UP))
  return { p50Ms: percentile(tookMs, 0.5), p99Ms: percentile(tookMs, 0.99) }
})
