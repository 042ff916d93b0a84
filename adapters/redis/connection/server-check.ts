import { OptionError, StorageUnavailableError } from '../../../src/errors.ts'

/** What Redis tells about itself, where it tells. */
export interface ServerFacts {
  /** As in `7.0.15`. Undefined where INFO is refused. */
  readonly version: string | undefined
  readonly isCluster: boolean
  /** Keys that would be deleted when Redis is full: anything but `noeviction`. */
  readonly evicts: string | undefined
}

/** Reads the answer of INFO. */
export function readInfo(info: string): ReadonlyMap<string, string> {
  const rows = info.split('\r\n').filter((row) => row.includes(':'))
  return new Map(rows.map((row) => [row.slice(0, row.indexOf(':')), row.slice(row.indexOf(':') + 1)]))
}

/**
 * Whether this server will do. Throws an OptionError where it never will, StorageUnavailableError where it does not
 * now.
 */
export function checkServer(info: ReadonlyMap<string, string>, hasHashTag: boolean): ServerFacts {
  const version = info.get('redis_version')
  const isCluster = info.get('redis_mode') === 'cluster'
  const policy = info.get('maxmemory_policy') ?? 'noeviction'
  if (version !== undefined && !isAtLeast(version, 6, 2)) {
    throw new OptionError(`Quayside needs Redis 6.2 or newer; this one is ${version}.`)
  }
  if (info.get('redis_mode') === 'sentinel') throw new OptionError(SENTINEL)
  if (isCluster && !hasHashTag) throw new OptionError(CLUSTER)
  if (info.get('loading') === '1') throw new StorageUnavailableError('Redis is still loading its data from disk.')
  // On a cluster each replica tells who has the keys.
  if (info.get('role') === 'slave' && !isCluster) throw new StorageUnavailableError(REPLICA)
  return { version, isCluster, evicts: policy === 'noeviction' ? undefined : policy }
}

export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [is = 0, point = 0] = version.split('.').map(Number)
  return is > major || (is === major && point >= minor)
}

const SENTINEL =
  "This is a Sentinel, not a Redis. Give it as redisStorage({ redis: { sentinels: [{ host, port }], name: 'mymaster' } })."

const CLUSTER =
  "This Redis is a cluster: all keys of an app must lie in one slot. Give a prefix with a hash tag: redisStorage({ prefix: '{shop}:' })."

const REPLICA = 'This Redis is a replica and takes no writes. Connect to its primary, or by Sentinel.'
