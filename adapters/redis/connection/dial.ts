import type { Redis } from 'ioredis'
import type { Clock } from '../../../src/clock.ts'
import { connectFailure } from './failure.ts'

/**
 * How long an attempt may take, the greeting included. A Redis that was stopped accepts connections and says nothing:
 * with a longer wait, a worker would still be in an old attempt seconds after Redis has come back.
 */
export const ATTEMPT_MS = 3_000

/** Connects and greets. Rejects with a Failure, and then leaves no connection behind. */
export async function dial(
  redis: Redis,
  greet: (redis: Redis) => Promise<void>,
  where: string,
  clock: Clock,
): Promise<Redis> {
  let told: unknown
  // Also keeps ioredis from printing what nobody listens to, for as long as the connection lives.
  redis.on('error', (error) => {
    told = error
  })
  const attemptMs = redis.options.connectTimeout ?? ATTEMPT_MS
  let cancel = () => {}
  const limit = new Promise<never>((_, reject) => {
    cancel = clock.after(attemptMs, () => reject(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })))
  })
  const greeted = redis.connect().then(() => greet(redis))
  // When the limit was first, nobody waits for this any more.
  greeted.catch(() => {})
  try {
    await Promise.race([greeted, limit])
    return redis
  } catch (error) {
    redis.disconnect()
    // ioredis tells why in an event first; what is rejected then are consequences.
    throw connectFailure(told ?? error, where)
  } finally {
    cancel()
  }
}
