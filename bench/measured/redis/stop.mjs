// For how long Redis stands still while a worker promotes so many jobs that are due at once: as another process sees it
// that asks every millisecond, and by the longest call that Redis itself noted.

import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { Ledger } from '../ledger.mjs'
import { measure } from '../measure.mjs'
import { contender } from './contenders.mjs'
import { elsewhere } from './elsewhere.mjs'
import { payload } from './lists.mjs'

const AT_ONCE = 1_000
/** What takes longer is noted by Redis. */
const NOTED_MICROS = 500
/** As long as that, nothing happens: what the machine itself does to such figures. */
const CALM_MS = 2_000

/** @typedef {{ contender: 'quayside', url: string, jobs: number }} Settings */

await measure(async (/** @type {Settings} */ { contender: name, url, jobs }) => {
  const redis = new Redis(url)
  const ledger = new Ledger(jobs)
  const dueAt = Date.now() / 1000 - 60
  for (let from = 0; from < jobs; from += AT_ONCE) {
    const members = Array.from({ length: Math.min(AT_ONCE, jobs - from) }, (_, offset) => from + offset)
    await redis.zadd('schedule', ...members.flatMap((index) => [dueAt, scheduled(index)]))
  }
  await redis.config('SET', 'slowlog-log-slower-than', NOTED_MICROS, 'slowlog-max-len', 100_000)
  await redis.slowlog('RESET')
  const calm = await elsewhere('pings.mjs', { url })
  await sleep(CALM_MS)
  const calmGapMs = Number(await calm.goOn())
  const pings = await elsewhere('pings.mjs', { url })
  await (await contender(name)).work({ url }, { concurrency: 100, perform: async (index) => ledger.count(index) })
  const start = performance.now()
  await ledger.full()
  const seconds = (performance.now() - start) / 1000
  const longestGapMs = Number(await pings.goOn())
  await ledger.check()
  const noted = /** @type {[id: number, at: number, micros: number][]} */ (await redis.slowlog('GET', '-1'))
  const longestCallMs = Math.max(NOTED_MICROS, ...noted.map(([, , micros]) => micros)) / 1000
  return { longestGapMs, calmGapMs, longestCallMs, perSecond: jobs / seconds }
})

/** @param {number} index */
function scheduled(index) {
  return payload(index).replace(/,"enqueued_at".*/, '}')
}
