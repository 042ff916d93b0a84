// The limit: the fewest commands with which a queue on ioredis loses nothing when a worker dies. No schedules, retries,
// statistics or leases.

import { Redis } from 'ioredis'
import { indexesIn, payload } from '../lists.mjs'

export const CLAIM = `
local texts = redis.call('RPOP', KEYS[1], ARGV[1])
if not texts then return {} end
local claims = {}
for index, text in ipairs(texts) do
  claims[2 * index - 1] = ARGV[2] + index
  claims[2 * index] = text
end
redis.call('HSET', KEYS[2], unpack(claims))
return texts`

/** @typedef {Redis & { claim(list: string, hash: string, ...args: number[]): Promise<string[]> }} Claiming */

/**
 * @param {import('../contenders.mjs').Place} place
 * @returns {Promise<import('../contenders.mjs').Producer>}
 */
export async function open(place) {
  const redis = new Redis(place.url)
  return {
    enqueue: (index) => redis.lpush('queue:default', payload(index)),
    enqueueBulk: (indexes) => redis.lpush('queue:default', ...indexes.map(payload)),
    waiting: () => indexesIn(place),
    unfinished: async () => (await redis.llen('queue:default')) + (await redis.hlen('claims')),
  }
}

/**
 * @param {import('../contenders.mjs').Place} place
 * @param {import('../contenders.mjs').Work} work
 */
export async function work(place, work) {
  keepClaiming(place, work, CLAIM, async (redis, limit, token, done) => {
    if (done > 0) await redis.hdel('claims', ...Array.from({ length: done }, (_, index) => String(token - index)))
    return redis.claim('queue:default', 'claims', limit, token)
  })
}

/**
 * @param {import('../contenders.mjs').Place} place
 * @param {import('../contenders.mjs').Work} work
 * @param {string} lua
 * @param {(redis: Claiming, limit: number, token: number, done: number) => Promise<string[]>} exchange settles the last
 *   `done` of the tokens up to `token`, and claims the next
 */
export async function keepClaiming({ url }, { concurrency, perform }, lua, exchange) {
  const redis = /** @type {Claiming} */ (new Redis(url))
  redis.defineCommand('claim', { numberOfKeys: 2, lua })
  for (let token = 0, done = 0; ; token += done) {
    const texts = await exchange(redis, concurrency, token, done)
    done = texts.length
    if (done === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    else await Promise.all(texts.map((text) => perform(JSON.parse(text).args[0])))
  }
}
