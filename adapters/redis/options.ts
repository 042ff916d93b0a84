import type { Redis, RedisOptions } from 'ioredis'
import { aDuration, type Duration, toMs } from '../../src/duration.ts'
import { OptionError } from '../../src/errors.ts'
import {
  check,
  checkOptions,
  describe,
  isArrayOf,
  isRecord,
  oneOf,
  type Rule,
  type Rules,
  rule,
} from '../../src/options.ts'

export interface RedisStorageOptions {
  /**
   * Where Redis is: `redis://[user:password@]host:port/db`, `rediss://` for TLS, or the path of a unix socket. Default:
   * the environment variable REDIS_URL, else `redis://127.0.0.1:6379`.
   */
  readonly url?: string
  /**
   * Further options of ioredis: `tls`, `password`, `sentinels` with `name`, `family` and so on. How connections are made
   * anew and how long calls wait is Quayside's own: `retryStrategy`, `maxRetriesPerRequest` and their like do nothing.
   */
  readonly redis?: RedisOptions
  /**
   * An ioredis client of your own, used for commands and never closed. What listens for changes is its `duplicate()`.
   * Leases are then renewed on the main loop only (see `renewFor`).
   */
  readonly client?: Redis
  /** Some nodes of a Redis cluster, as urls. `prefix` then needs a hash tag. */
  readonly cluster?: readonly string[]
  /** Before all keys. On a cluster its hash tag, as in `{shop}:`, keeps the keys of an app together. Default ''. */
  readonly prefix?: string
  /**
   * The oldest Ruby Sidekiq that reads this Redis. `'6.4'` also writes what only that one reads; `'8'` writes
   * timestamps as milliseconds, which older ones misread. Default `'7'`.
   */
  readonly sidekiq?: SidekiqVersion
  /** How long a call may take in all, waiting for a connection included. Default `'5s'`. */
  readonly timeout?: Duration
  /**
   * How long the leases of a worker are renewed while a handler blocks its event loop. `'0s'` turns that off. Default
   * `'60s'`.
   */
  readonly renewFor?: Duration
}

export type SidekiqVersion = '6.4' | '7' | '8'

/** The options with everything decided. */
export interface RedisPlan {
  /** Where to connect; several are nodes of a cluster. Undefined: `redis` tells. */
  readonly urls: readonly string[] | undefined
  readonly redis: RedisOptions
  readonly client: Redis | undefined
  readonly prefix: string
  readonly sidekiq: SidekiqVersion
  readonly timeoutMs: number
  readonly renewForMs: number
}

const WHERE = 'redisStorage()'
const DEFAULT_URL = 'redis://127.0.0.1:6379'

const rules: Rules = {
  url: rule('a url such as redis://127.0.0.1:6379', (value) => typeof value === 'string'),
  redis: rule('an object of ioredis options', isRecord),
  client: rule('an ioredis client', (value) => typeof (value as Redis | null)?.duplicate === 'function'),
  cluster: rule('an array of at least one url', (value) => isArrayOf(value, isString) && value.length > 0),
  prefix: rule('a string', isString),
  sidekiq: oneOf('6.4', '7', '8'),
  timeout: aDuration,
  renewFor: aDuration,
}

/** Checks the options and decides what was left open. Throws OptionError; no message has a password in it. */
export function planOf(given: RedisStorageOptions | string): RedisPlan {
  const options = typeof given === 'string' ? { url: given } : given
  checkUnseen(options)
  checkOptions(WHERE, options, rules)
  const { redis = {}, client, cluster, prefix = '' } = options
  checkDestinations(options)
  if (client) checkClient(client)
  if (redis.keyPrefix) throw new OptionError(`${WHERE}: redis.keyPrefix would hide keys from scripts; use \`prefix\`.`)
  if (cluster && hashTag(prefix) === undefined) {
    const hint = "such as '{shop}:', so that all keys of the app lie on one node"
    throw new OptionError(`${WHERE}: cluster needs a prefix with a hash tag, ${hint}; got ${describe(prefix)}.`)
  }
  const timeoutMs = toMs(options.timeout ?? '5s', `${WHERE}: timeout`)
  check(
    `${WHERE}: timeout`,
    timeoutMs,
    rule('at least 1 ms', () => timeoutMs >= 1),
  )
  return {
    urls: client ? undefined : urlsOf(options),
    redis,
    client,
    prefix,
    sidekiq: options.sidekiq ?? '7',
    timeoutMs,
    renewForMs: toMs(options.renewFor ?? '60s', `${WHERE}: renewFor`),
  }
}

/** Where Redis is, for people: neither a user nor a password, nor what stands behind a question mark. */
export function placeOf({ urls, redis, client }: RedisPlan): string {
  if (urls) return urls.map(bare).join(', ')
  const { host = '127.0.0.1', port = 6379, path, sentinels } = client?.options ?? redis
  if (sentinels) return 'Redis behind Sentinel'
  return path ? `unix:${path}` : `redis://${host}:${port}`
}

function bare(url: string): string {
  if (url.startsWith('/')) return `unix:${url.replace(/\?.*/, '')}`
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}

/** What is between the first `{` and the next `}`: all keys with the same one lie in one slot of a cluster. */
export function hashTag(prefix: string): string | undefined {
  return /\{([^}]+)\}/.exec(prefix)?.[1]
}

/** Refuses namespaces whose keys would be those of another app: `queue:retry` is the queue `retry` of the app ''. */
export function checkNamespace(namespace: string): void {
  if (namespace !== 'queue' && namespace !== 'quayside') return
  throw new OptionError(`The namespace ${describe(namespace)} is taken on Redis by keys of other apps; use another.`)
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

/** What may hold a password is not shown, whatever it is. */
function checkUnseen(options: unknown): void {
  if (!isRecord(options)) return
  for (const name of ['url', 'redis', 'client', 'cluster'] as const) {
    const value = options[name]
    const { expected, test } = rules[name] as Rule
    if (value === undefined || test(value)) continue
    const kind = Array.isArray(value) ? 'array' : typeof value
    throw new OptionError(`${WHERE}: ${name} must be ${expected}; got a value of the type ${kind} (not shown).`)
  }
}

function checkDestinations({ url, client, cluster }: RedisStorageOptions): void {
  const given = Object.entries({ url, client, cluster }).filter(([, value]) => value !== undefined)
  if (given.length < 2) return
  throw new OptionError(
    `${WHERE} takes one of url, client and cluster; got ${given.map(([name]) => name).join(' and ')}.`,
  )
}

function checkClient(client: Redis): void {
  const refuse = (why: string) => new OptionError(`${WHERE}: client ${why}`)
  if (client.isCluster) throw refuse('is a Cluster; give its nodes instead, as cluster: [url].')
  const { keyPrefix, stringNumbers, replyMapping, enableAutoPipelining } = client.options
  if (keyPrefix) throw refuse('has a keyPrefix, which scripts do not see; use a client without one, and `prefix`.')
  if (stringNumbers) throw refuse('has stringNumbers: true; use one without.')
  if (replyMapping === 'resp3') throw refuse("has replyMapping: 'resp3'; use one with 'legacy'.")
  if (enableAutoPipelining) throw refuse('has enableAutoPipelining: true, which reorders commands; use one without.')
}

/** A url beside `redis` would win over its host: without one, what `redis` says is enough. */
function urlsOf({ url, cluster, redis = {} }: RedisStorageOptions): readonly string[] | undefined {
  if (cluster) return cluster.map((each, index) => checkUrl(each, `cluster[${index}]`))
  if (url !== undefined) return [checkUrl(url, 'url')]
  if (redis.host !== undefined || redis.port !== undefined || redis.path !== undefined || redis.sentinels)
    return undefined
  const { REDIS_URL } = process.env
  return [REDIS_URL ? checkUrl(REDIS_URL, 'the environment variable REDIS_URL') : DEFAULT_URL]
}

/** Answers the url as ioredis takes it. What it was is not shown: it may hold a password. */
function checkUrl(url: string, name: string): string {
  if (/^(unix:(\/\/)?)?\//.test(url) && !url.startsWith('//')) return url.replace(/^unix:(\/\/)?/, '')
  const refuse = (why: string) =>
    new OptionError(`${WHERE}: ${name} ${why}; it must be like redis://user:password@host:6379/0, rediss://, or /path.`)
  if (!/^rediss?:\/\//i.test(url)) throw refuse('does not begin with redis:// or rediss://')
  if (!URL.canParse(url)) throw refuse('cannot be read (a password may need encodeURIComponent)')
  const { pathname, hostname } = new URL(url)
  if (hostname === '') throw refuse('has no host')
  if (!/^\/?\d*$/.test(pathname)) throw refuse('has a database that is not a number')
  return url
}
