// How many jobs go into Redis, and how many come out of it again, in a second while so many others wait in the same
// queue: through the contract (src/storage.ts), a hundred at a time, which is what the engine does under load.

import { Redis } from 'ioredis'
import { systemClock } from 'quayside'
import { redisStorage } from 'quayside/redis'
import { measure, timed } from '../measure.mjs'
import { payload } from './lists.mjs'

const AT_ONCE = 100
const WARM_UP = 5_000
const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** What jobs wait before, written by Redis itself: five million payloads take their time to be sent. */
const FILL = `
local texts = {}
for index = ARGV[2], ARGV[2] + ARGV[3] - 1 do
  texts[#texts + 1] = string.gsub(ARGV[1], 'INDEX', string.format('%d', index))
end
redis.call('LPUSH', KEYS[1], unpack(texts))`
const FILL_AT_ONCE = 5_000

/** @typedef {{ url: string, waiting: number, jobs: number }} Settings */

await measure(async (/** @type {Settings} */ { url, waiting, jobs }) => {
  await fill(url, waiting)
  const dead = { max: 10_000, forMs: 1e9 }
  const storage = await redisStorage({ url })({ clock: systemClock, logger: silent, namespace: '', dead })
  /** Written before the clock starts: that takes longer than to store them. */
  const entries = Array.from({ length: WARM_UP + jobs }, (_, offset) => entry(waiting + offset))
  let pushed = 0
  let claimed = 0
  let request = 0
  /** @type {import('quayside').Settlement[]} */
  let settlements = []
  await push(WARM_UP)
  await claim(WARM_UP)
  const pushing = await timed(() => push(jobs))
  const claiming = await timed(() => claim(jobs))
  const { enqueued } = await storage.stats(0)
  if (enqueued !== waiting) throw new Error(`${enqueued} jobs wait, not ${waiting}.`)
  return { pushedPerSecond: jobs / pushing.seconds, claimedPerSecond: jobs / claiming.seconds }

  /** @param {number} count */
  async function push(count) {
    for (const end = pushed + count; pushed < end; pushed += AT_ONCE) {
      const id = { client: 'bench', number: pushed + 1 }
      const refusals = await storage.push(entries.slice(pushed, pushed + AT_ONCE), id)
      if (refusals.length > 0) throw new Error(`${refusals.length} jobs were refused.`)
    }
  }

  /** Claims the oldest, which must come in their order, and settles those of the call before. @param {number} count */
  async function claim(count) {
    const asked = { worker: 'bench:1', leaseMs: 600_000, lane: 'default', queues: ['default'], ahead: 0, begun: [] }
    for (const end = claimed + count; claimed < end; ) {
      const { jobs: found } = await storage.exchange({ ...asked, request: ++request, settlements, limit: AT_ONCE })
      for (const { text } of found) {
        const [index] = JSON.parse(text).args
        if (index !== claimed++) throw new Error(`Job ${index} was claimed as number ${claimed}.`)
      }
      if (found.length !== AT_ONCE) throw new Error(`${found.length} jobs were claimed, not ${AT_ONCE}.`)
      settlements = found.map(({ token }) => ({ token, to: 'nowhere', tally: 'ok' }))
    }
  }
})

/** @param {number} index */
function entry(index) {
  const text = payload(index)
  return { jid: JSON.parse(text).jid, queue: 'default', text, delayMs: 0 }
}

/** @param {string} url @param {number} waiting */
async function fill(url, waiting) {
  const redis = new Redis(url)
  const template = payload(0).replace('[0]', '[INDEX]')
  for (let from = 0; from < waiting; from += FILL_AT_ONCE) {
    await redis.eval(FILL, 1, 'queue:default', template, from, Math.min(FILL_AT_ONCE, waiting - from))
  }
  redis.disconnect()
}
