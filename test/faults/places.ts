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

/**
 * In one step of Redis: between two commands a job may move from a key that was not looked at yet to one that did not
 * exist when the keys were listed, and a test would go on before anything was done.
 */
const COUNT_UNFINISHED = `
local count = 0
for _, key in ipairs(redis.call('KEYS', '*')) do
  if key:find('^queue:') or key == 'quayside:strays' then count = count + redis.call('LLEN', key)
  elseif key == 'schedule' or key == 'retry' then count = count + redis.call('ZCARD', key)
  elseif key:find('^quayside:claims:') then count = count + redis.call('HLEN', key) end
end
return count`

/** How many jobs are anywhere but in the dead set. */
export async function unfinished(redis: Redis): Promise<number> {
  return Number(await redis.eval(COUNT_UNFINISHED, 0))
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
