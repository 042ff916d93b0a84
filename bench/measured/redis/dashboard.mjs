// How long the server takes for a page of the dashboard, complete with all that it reads from Redis, while a million
// jobs wait in its queue and sets, and a hundred workers work.

import { Quayside, systemClock } from 'quayside'
import { dashboard } from 'quayside/dashboard'
import { redisStorage } from 'quayside/redis'
import { measure, percentile } from '../measure.mjs'
import { fill, work } from './harbour.mjs'

const WARM_UP = 5
const SAMPLES = 40
const ORIGIN = 'http://localhost'
const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** @typedef {{ url: string, jobs: number, paths: string }} Settings */

await measure(async (/** @type {Settings} */ { url, jobs, paths }) => {
  await fill(url, jobs)
  const dead = { max: 10_000, forMs: 1e12 }
  const storage = await redisStorage({ url })({ clock: systemClock, logger: silent, namespace: '', dead })
  await work(storage)
  await storage.close()
  const app = new Quayside({ storage: redisStorage({ url }), logger: false })
  const answer = dashboard(app, { authorize: () => 'all' })
  let p50Ms = 0
  let maxMs = 0
  for (const path of paths.split(' ')) {
    const times = await timesOf(path)
    p50Ms = Math.max(p50Ms, percentile(times, 0.5))
    maxMs = Math.max(maxMs, percentile(times, 1))
  }
  await app.close()
  return { p50Ms, maxMs }

  /** @param {string} path */
  async function timesOf(path) {
    const times = new Float64Array(SAMPLES)
    for (let sample = -WARM_UP; sample < SAMPLES; sample++) {
      const start = performance.now()
      const page = await answer(new Request(ORIGIN + path))
      const text = await page.text()
      if (sample >= 0) times[sample] = performance.now() - start
      if (page.status !== 200) throw new Error(`${path} answers ${page.status}: ${text}`)
    }
    return times
  }
})
