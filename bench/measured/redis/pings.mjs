// Asks Redis something every millisecond until it is told to stop; then tells the longest time without an answer.

import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { beside } from './elsewhere.mjs'

await beside(async (/** @type {{ url: string }} */ { url }) => {
  const redis = new Redis(url)
  let isOver = false
  let longestMs = 0
  const asking = ask()
  return async () => {
    isOver = true
    await asking
    return longestMs
  }

  async function ask() {
    await redis.ping()
    while (!isOver) {
      const askedAt = performance.now()
      await redis.ping()
      longestMs = Math.max(longestMs, performance.now() - askedAt)
      await sleep(1)
    }
  }
})
