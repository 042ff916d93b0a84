import type { Redis } from 'ioredis'
import type { Order } from './orders.ts'

/** Where jobs are in Redis, by their ids in the ledger: read plainly, not by the adapter. */
export async function placesOf(redis: Redis): Promise<ReadonlyMap<string, readonly string[]>> {
  const places = new Map<string, string[]>()
  for (const key of await redis.keys('*')) {
    for (const text of await textsAt(redis, key)) {
      const id = idOf(text)
      places.set(id, [...(places.get(id) ?? []), key])
    }
  }
  return places
}

/** How many jobs are anywhere but in the dead set. */
export async function unfinished(redis: Redis): Promise<number> {
  const sizes = (await redis.keys('*')).map((key) => {
    if (key.startsWith('queue:') || key === 'quayside:strays') return redis.llen(key)
    if (key === 'schedule' || key === 'retry') return redis.zcard(key)
    return key.startsWith('quayside:claims:') ? redis.hlen(key) : 0
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

async function textsAt(redis: Redis, key: string): Promise<string[]> {
  if (key.startsWith('queue:') || key === 'quayside:strays') return redis.lrange(key, 0, -1)
  if (key === 'schedule' || key === 'retry' || key === 'dead') return redis.zrange(key, 0, '-1')
  // The first two lines tell of the claim.
  if (key.startsWith('quayside:claims:')) return (await redis.hvals(key)).map((claim) => claim.replace(/^.*\n.*\n/, ''))
  return []
}

function idOf(text: string): string {
  const { args } = JSON.parse(text) as { args: [Order] }
  return args[0].id
}
