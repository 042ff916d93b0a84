// The bare wake: a push by one connection ends the blocking move of another. It moves one job, and knows one queue.

import { Redis } from 'ioredis'
import { indexesIn, payload } from '../lists.mjs'

/**
 * @param {import('../contenders.mjs').Place} place
 * @returns {Promise<import('../contenders.mjs').Producer>}
 */
export async function open(place) {
  const redis = new Redis(place.url)
  return {
    enqueue: async (index, dueMs) => {
      if (dueMs === undefined) return redis.lpush('queue:default', payload(index))
      setTimeout(() => redis.lpush('queue:default', payload(index)), dueMs - Date.now())
    },
    enqueueBulk: (indexes) => redis.lpush('queue:default', ...indexes.map(payload)),
    waiting: () => indexesIn(place),
    unfinished: async () => (await redis.llen('queue:default')) + (await redis.llen('claims')),
  }
}

/**
 * @param {import('../contenders.mjs').Place} place
 * @param {import('../contenders.mjs').Work} work
 */
export async function work({ url }, { perform }) {
  const blocking = new Redis(url, { maxRetriesPerRequest: null })
  const redis = new Redis(url)
  goOn()

  async function goOn() {
    for (;;) {
      const text = await blocking.blmove('queue:default', 'claims', 'RIGHT', 'LEFT', 0)
      if (text === null) continue
      await perform(JSON.parse(text).args[0])
      await redis.lrem('claims', 1, text)
    }
  }
}
