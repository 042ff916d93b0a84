import { Cluster, Redis } from 'ioredis'
import { afterEach, expect, test, vi } from 'vitest'
import { Route } from '../../adapters/redis/connection/route.ts'
import { redisStorage } from '../../adapters/redis/index.ts'
import { hashTag, planOf } from '../../adapters/redis/options.ts'
import { systemClock } from '../../src/clock.ts'
import { silentLogger } from '../../src/logger.ts'

const lazy = (options = {}) => new Redis({ lazyConnect: true, ...options })

afterEach(() => vi.unstubAllEnvs())

test('what is left open is decided', () => {
  vi.stubEnv('REDIS_URL', undefined)
  expect(planOf({})).toMatchObject({
    urls: ['redis://127.0.0.1:6379'],
    prefix: '',
    sidekiq: '7',
    timeoutMs: 5_000,
    renewForMs: 60_000,
  })
})

test('a string is a url, and REDIS_URL is the default', () => {
  vi.stubEnv('REDIS_URL', 'redis://elsewhere:7000/2')
  expect(planOf({}).urls).toEqual(['redis://elsewhere:7000/2'])
  expect(planOf('rediss://here').urls).toEqual(['rediss://here'])
  // Where ioredis' own options say where Redis is, nothing is added.
  expect(planOf({ redis: { host: 'x' } }).urls).toBeUndefined()
  expect(planOf({ redis: { sentinels: [{ host: 'x' }], name: 'y' } }).urls).toBeUndefined()
})

test.each([
  ['redis://user:secret@cache:7000/2?password=secret', 'redis://cache:7000/2'],
  ['rediss://cache/', 'rediss://cache'],
  ['/run/redis.sock?password=secret', 'unix:/run/redis.sock'],
  [{ cluster: ['redis://:secret@a:1', 'redis://b:2'], prefix: '{x}:' }, 'redis://a:1, redis://b:2'],
  [{ redis: { host: 'cache', password: 'secret' } }, 'redis://cache:6379'],
  [{ redis: { path: '/run/redis.sock' } }, 'unix:/run/redis.sock'],
  [{ redis: { sentinels: [{ host: 'x' }], name: 'y' } }, 'Redis behind Sentinel'],
  [{ client: lazy({ host: 'own', port: 7, password: 'secret' }) }, 'redis://own:7'],
])('the place of %j is %s, without a password', (options, place) => {
  expect(redisStorage(options).place).toBe(place)
})

test.each([
  ['/run/redis.sock', '/run/redis.sock'],
  ['unix:/run/redis.sock', '/run/redis.sock'],
  ['unix:///run/redis.sock', '/run/redis.sock'],
  ['redis://[::1]:6379', 'redis://[::1]:6379'],
])('%s leads to %s', (url, target) => {
  expect(planOf(url).urls).toEqual([target])
})

test.each([
  [{ ulr: 'x' }, 'redisStorage() has no option "ulr"; did you mean "url"?'],
  [{ timeout: 5 }, "timeout must be a duration such as '10m'"],
  [{ timeout: '0s' }, 'timeout must be at least 1 ms'],
  [{ sidekiq: '7.2' }, "sidekiq must be '6.4' or '7' or '8'"],
  [{ prefix: 7 }, 'prefix must be a string'],
  [{ client: {} }, 'client must be an ioredis client'],
  [{ cluster: [] }, 'cluster must be an array of at least one url'],
  [{ cluster: ['redis://x'], prefix: 'shop:' }, 'cluster needs a prefix with a hash tag'],
  [{ url: 'redis://x', cluster: ['redis://x'] }, 'takes one of url, client and cluster; got url and cluster'],
  [{ redis: { keyPrefix: 'x' } }, 'use `prefix`'],
  [{ url: 'http://x' }, 'url does not begin with redis:// or rediss://'],
  [{ url: 'redis://' }, 'has no host'],
  [{ url: 'redis://x/queue' }, 'has a database that is not a number'],
  [{ url: '' }, 'does not begin with redis://'],
  [{ client: lazy({ keyPrefix: 'x' }) }, 'client has a keyPrefix'],
  [{ client: lazy({ stringNumbers: true }) }, 'client has stringNumbers'],
  [{ client: lazy({ replyMapping: 'resp3', protocol: 3 }) }, 'client has replyMapping'],
  [{ client: lazy({ enableAutoPipelining: true }) }, 'client has enableAutoPipelining'],
  [{ client: new Cluster([], { lazyConnect: true }) }, 'client is a Cluster'],
])('%o is refused: %s', (options, message) => {
  expect(() => redisStorage(options as never)).toThrow(expect.objectContaining({ name: 'OptionError' }))
  expect(() => redisStorage(options as never)).toThrow(message)
})

test.each(['redis://user:secret@bad host', 'redis://:secret#@', 'secret', 'redis://x:secret', 'http://:secret@x'])(
  'no message shows what may be a password: %s',
  (url) => {
    expect(() => planOf(url)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret') }))
    vi.stubEnv('REDIS_URL', url)
    expect(() => planOf({})).toThrow('the environment variable REDIS_URL')
  },
)

test.each(['queue', 'quayside'])('the namespace %s is refused', async (namespace) => {
  const settings = { namespace, clock: systemClock, logger: silentLogger, dead: { max: 1, forMs: 1 } }
  expect(() => redisStorage()(settings)).toThrow('is taken')
})

test('only Sidekiq 8 reads milliseconds', () => {
  expect(redisStorage({ sidekiq: '8' }).timestamps).toBe('milliseconds')
  expect(redisStorage().timestamps).toBeUndefined()
})

test.each([
  ['{shop}:', 'shop'],
  ['a{b}c{d}', 'b'],
  ['{}x', undefined],
  ['shop:', undefined],
])('the hash tag of %s is %s', (prefix, tag) => {
  expect(hashTag(prefix)).toBe(tag)
})

test('the way to Redis names no password, and follows the cluster', () => {
  const route = new Route({ urls: ['rediss://u:secret@a:1/2', 'redis://b:2'], redis: {} })
  expect(route.where).toBe('a:1')
  route.follow('10.0.0.7:6381')
  expect([route.where, route.url]).toEqual(['10.0.0.7:6381', 'rediss://u:secret@10.0.0.7:6381/2'])
  route.follow(':6382')
  expect(route.where).toBe('a:6382')
  route.follow('::1:6383')
  expect(route.where).toBe('[::1]:6383')
  // It does not answer: back to the seed, and then to the next one.
  route.goElsewhere()
  expect(route.where).toBe('a:1')
  route.goElsewhere()
  expect(route.where).toBe('b:2')
  expect(new Route({ urls: ['/run/redis.sock'], redis: {} }).where).toBe('/run/redis.sock')
  expect(new Route({ urls: undefined, redis: { port: 7, password: 'secret' } }).where).toBe('localhost:7')
  expect(new Route({ urls: undefined, redis: { sentinels: [], name: 'mymaster' } }).where).toBe(
    'mymaster (by Sentinel)',
  )
})
