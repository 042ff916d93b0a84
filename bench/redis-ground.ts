import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { find } from '../scripts/ready/programs.mjs'
import { RedisServer } from '../test/redis/redis-server.ts'
import type { Ground, Wishes } from './suite.ts'

/** A redis-server of our own, on a free port: without persistence, or with an append-only file. */
export async function redisGround({ aof }: Wishes): Promise<Ground> {
  if (!find('redis')) throw new Error('There is no redis-server here; on Debian: apt-get install redis-server')
  // A rewrite of the file would fall into whichever run is under way.
  const appendOnly = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--auto-aof-rewrite-percentage', '0']
  const server = await RedisServer.start(...(aof ? appendOnly : []))
  const redis = new Redis(server.url, { maxRetriesPerRequest: null })
  const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'unknown'
  return {
    about: { redis: `${version}, ${aof ? 'appendonly yes, appendfsync everysec' : 'no persistence'}` },
    settings: { url: server.url },
    clear: async () => {
      await redis.flushall('SYNC')
      if (aof) await shorten(redis)
    },
    close: async () => {
      redis.disconnect()
      await server.destroy()
    },
  }
}

/** Writes the append-only file anew while there is nothing to write, so that it does not grow from run to run. */
async function shorten(redis: Redis): Promise<void> {
  await redis.bgrewriteaof()
  while (/aof_rewrite_(in_progress|scheduled):1/.test(await redis.info('persistence'))) await sleep(10)
}
