import type { Redis } from 'ioredis'
import { openRedis } from '../../adapters/redis/open-redis.ts'
import type { RedisStorageOptions } from '../../adapters/redis/options.ts'
import { systemClock } from '../../src/clock.ts'
import { silentLogger } from '../../src/logger.ts'
import type { Storage } from '../../src/storage.ts'
import type { StoreSettings } from '../conformance/index.ts'
import { RedisServer } from './redis-server.ts'

/** One store after the other on a real Redis, each of them empty at first and with a time of its own. */
export class RedisStores {
  #server: RedisServer | undefined
  #redis: Redis | undefined

  async start(): Promise<void> {
    this.#server = await RedisServer.start()
    this.#redis = this.#server.client()
  }

  async stop(): Promise<void> {
    this.#redis?.disconnect()
    await this.#server?.destroy()
  }

  /** A plain client, to look behind the adapter. */
  get redis(): Redis {
    if (!this.#redis) throw new Error('Call start() first, in beforeAll.')
    return this.#redis
  }

  async create(): Promise<RedisStore> {
    await this.redis.flushall()
    return new RedisStore(this.#server?.url ?? '')
  }
}

/** A store, as the suites want it. */
export class RedisStore {
  readonly #url: string
  #offsetMs = 0

  constructor(url: string) {
    this.#url = url
  }

  open(settings: StoreSettings, options: RedisStorageOptions = {}): Promise<Storage> {
    const all = { ...settings, clock: systemClock, logger: silentLogger }
    return openRedis({ url: this.#url, ...options }, all, () => this.#offsetMs)
  }

  /** Redis has a clock of its own: its scripts add this to it. */
  advance(ms: number): void {
    this.#offsetMs += ms
  }
}
