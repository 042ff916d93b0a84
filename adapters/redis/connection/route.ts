import { Redis, type RedisOptions } from 'ioredis'
import type { RedisPlan } from '../options.ts'
import { ATTEMPT_MS } from './dial.ts'

export type Role = 'commands' | 'listener' | 'lease'

/** What ioredis would do by itself is Quayside's to do on connections of its own. */
export const OURS: RedisOptions = {
  lazyConnect: true,
  // One object is one connection. What was in flight when it broke is told at once, and never sent again unasked.
  retryStrategy: () => null,
  sentinelRetryStrategy: () => null,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  // The greeting asks for more than ioredis' ready check does, and must be the first to hear "too many clients".
  enableReadyCheck: false,
  disableClientInfo: true,
  reconnectOnError: null,
  failoverDetector: false,
  enableAutoPipelining: false,
  stringNumbers: false,
  replyMapping: 'legacy',
  commandTimeout: undefined,
  socketTimeout: undefined,
  connectionName: undefined,
  // A connection that is given up may be half open: nobody will answer its end.
  disconnectTimeout: 50,
}

/** What a route is made from. */
export type RouteCopy = Pick<RedisPlan, 'urls' | 'redis'>

/** The way to Redis. All connections of a storage share it: tracking works only where both are on one node. */
export class Route {
  readonly #urls: readonly string[] | undefined
  readonly #redis: RedisOptions
  #index = 0
  #moved: string | undefined

  constructor({ urls, redis }: RouteCopy) {
    this.#urls = urls
    this.#redis = redis
  }

  /** A connection that is not connected yet. */
  connection(role: Role): Redis {
    const protocol = role === 'listener' ? 2 : (this.#redis.protocol ?? 2)
    const options = { connectTimeout: ATTEMPT_MS, ...this.#redis, ...OURS, protocol }
    const url = this.url
    return url === undefined ? new Redis(options) : new Redis(url, options)
  }

  /** Where the next connection goes. Undefined: the options tell. */
  get url(): string | undefined {
    const seed = this.#urls?.[this.#index]
    if (seed === undefined || this.#moved === undefined) return seed
    return redirected(seed, this.#moved)
  }

  /** The same as words, without user and password. */
  get where(): string {
    const { path, host = 'localhost', port = 6379, sentinels, name } = this.#redis
    if (sentinels) return `${name} (by Sentinel)`
    const url = this.url
    if (url === undefined) return path ?? `${host}:${port}`
    return url.startsWith('/') ? url : new URL(url).host
  }

  /** Goes to another node of the cluster, as a reply `MOVED 3999 127.0.0.1:6381` says. */
  follow(node: string): void {
    this.#moved = node
  }

  /** The present node does not answer. The next seed knows who has the keys now. */
  goElsewhere(): void {
    if (this.#moved === undefined) this.#index = (this.#index + 1) % (this.#urls?.length ?? 1)
    this.#moved = undefined
  }

  /** What another thread needs to make a connection of its own. Throws where something cannot be copied to it. */
  toCopy(): RouteCopy {
    return structuredClone({ urls: this.#urls, redis: this.#redis })
  }
}

/** A url to another node, with the same user, password and scheme. A node that knows no own host leaves it out. */
function redirected(seed: string, node: string): string {
  const url = new URL(seed)
  const colon = node.lastIndexOf(':')
  const host = node.slice(0, colon)
  if (host !== '') url.hostname = host.includes(':') ? `[${host}]` : host
  url.port = node.slice(colon + 1)
  return url.href
}
