import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { redisStorage, type SidekiqVersion } from '../../adapters/redis/index.ts'
import { type AppOptions, Quayside } from '../../src/index.ts'
import { RedisServer } from '../redis/redis-server.ts'
import { until } from '../redis/until.ts'

// What an app and its worker leave in Redis, for each version of Sidekiq that may read it. No Ruby of 7.x or 8.x takes
// part: what those read is known from running them once.

let server: RedisServer
let redis: Redis

beforeAll(async () => {
  server = await RedisServer.start()
  redis = server.client()
})
beforeEach(() => redis.flushall())
afterAll(async () => {
  redis.disconnect()
  await server.destroy()
})

function open(sidekiq: SidekiqVersion, options: Partial<AppOptions> = {}): Quayside {
  const app = new Quayside({ storage: redisStorage({ url: server.url, sidekiq }), logger: false, ...options })
  onTestFinished(() => app.close())
  return app
}

/** Fails twice: the first time at once, the second when it is retried by hand. Answers its bytes then. */
async function failTwice(app: Quayside): Promise<string> {
  const job = app.job('Broken', {
    backtrace: 1,
    tags: ['a'],
    perform: () => {
      throw new Error('broken')
    },
  })
  const jid = (await job.performAsync()) as string
  const worker = app.work({ queues: ['default'] })
  for (const count of [0, 1]) {
    await until(`failure ${count}`, async () => (await app.retries.find(jid))?.payload?.retry_count === count)
    if (count === 0) await app.retries.reschedule(jid, '0s')
  }
  await worker.stop()
  return (await app.retries.find(jid))?.text as string
}

const FLOAT = /^\d{10}\.\d{1,3}$/
const MILLISECONDS = /^\d{13}$/
const instants = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/"(\w+_at)":([^,}]*)/g)].map(([, name = '', value = '']) => [name, value]))

const near = (stored: string | undefined) => {
  const value = Number(stored)
  return Math.abs((value < 1e11 ? value * 1000 : value) - Date.now()) < 20_000
}

/** Where the table of versions differs. */
const versions: readonly [SidekiqVersion, RegExp, string[]][] = [
  ['6.4', FLOAT, ['work', 'workers']],
  ['7', FLOAT, ['work']],
  ['8', MILLISECONDS, ['work']],
]

describe.each(versions)('beside Sidekiq %s', (sidekiq, instant, workKeys) => {
  test('a job has all fields that Ruby needs, and its instants', async () => {
    const app = open(sidekiq)
    await app.job('A').performAsync()
    const [text = ''] = await redis.lrange('queue:default', 0, -1)
    expect(Object.keys(JSON.parse(text)).sort()).toEqual(
      ['args', 'class', 'created_at', 'enqueued_at', 'jid', 'queue', 'retry'].sort(),
    )
    expect(JSON.parse(text).jid).toMatch(/^[0-9a-f]{24}$/)
    for (const value of Object.values(instants(text)))
      expect([value, near(value)]).toEqual([expect.stringMatching(instant), true])
  })

  test('a scheduled job has not been enqueued, and its score is in seconds', async () => {
    const app = open(sidekiq)
    await app.job('A', { queue: 'low' }).performIn('1h')
    const [text = '', score] = await redis.zrange('schedule', '0', '-1', 'WITHSCORES')
    expect(Object.keys(instants(text))).toEqual(['created_at'])
    expect(Number(score)).toBeCloseTo(Date.now() / 1000 + 3600, -1)
    expect(await redis.exists('queues')).toBe(0)
  })

  test('a failure has its instants, and its score is in seconds', async () => {
    const text = await failTwice(open(sidekiq))
    const found = instants(text)
    expect(Object.keys(found).sort()).toEqual(['created_at', 'enqueued_at', 'failed_at', 'retried_at'])
    for (const value of Object.values(found))
      expect([value, near(value)]).toEqual([expect.stringMatching(instant), true])
    expect(JSON.parse(text).error_backtrace).toMatch(/^[A-Za-z0-9+/]+=*$/)
    const score = Number(await redis.zscore('retry', text))
    expect(score).toBeGreaterThan(Date.now() / 1000)
    expect(score).toBeLessThan(Date.now() / 1000 + 60)
  })

  test('a job that is retried from the dead set has its instant, too', async () => {
    const app = open(sidekiq)
    await redis.zadd('dead', 1, '{"class":"A","args":[1.0],"jid":"a","created_at":1795313111.5,"enqueued_at":1.5}')
    await app.dead.retry('a')
    const [text = ''] = await redis.lrange('queue:default', 0, -1)
    expect(instants(text)).toEqual({ created_at: '1795313111.5', enqueued_at: expect.stringMatching(instant) })
  })

  test('a worker shows itself and what it performs', async () => {
    const app = open(sidekiq)
    const endless = app.job('Endless', {
      async perform() {
        await new Promise((_, reject) => this.signal.addEventListener('abort', () => reject(this.signal.reason)))
      },
    })
    const { id } = app.work({
      queues: { default: 2, low: 1 },
      concurrency: 3,
      timeout: '0s',
      heartbeat: '100ms',
      lease: '1s',
    })
    await endless.performAsync()
    await until('it is shown', async () => (await redis.hlen(`${id}:work`)) === 1)
    expect((await redis.keys(`${id}:*`)).sort()).toEqual(workKeys.map((key) => `${id}:${key}`))
    for (const key of workKeys) {
      const [work = ''] = await redis.hvals(`${id}:${key}`)
      expect(JSON.parse(work)).toMatchObject({ queue: 'default', payload: expect.stringMatching(/^\{"retry":true,/) })
      expect(work).toMatch(/"run_at":\d{10}[,}]/)
    }
    const { info = '', beat, concurrency } = await redis.hgetall(id)
    expect([concurrency, beat]).toEqual(['3', expect.stringMatching(/^\d{10}\.\d+$/)])
    expect(info).toMatch(/"started_at":\d{10}(\.\d+)?,/)
    expect(JSON.parse(info)).toMatchObject({
      concurrency: 3,
      queues: ['default', 'low'],
      labels: [],
      tag: '',
      weights: [{ default: 2, low: 1 }],
      version: expect.any(String),
      embedded: false,
      capsules: { default: { concurrency: 3, mode: 'weighted', weights: { default: 2, low: 1 } } },
      identity: id,
    })
  })

  test('runs are in the metrics that its pages read', async () => {
    const app = open(sidekiq)
    await failTwice(app)
    await app.job('Quick', { perform: () => {} }).performAsync()
    const worker = app.work({ queues: ['default'] })
    await until('it is performed', async () => (await app.stats()).processed === 3)
    await worker.stop()
    // Of 8.x: a minute and its ten minutes. Of 7.x: a year in four digits.
    const ofSeven = sidekiq === '8' ? [] : [/^j\|\d{8}\|\d{1,2}:\d{1,2}$/, /^Quick-\d\d-\d\d:\d{1,2}$/]
    const tenMinutes = /^j\|\d{6}\|\d{1,2}:\d$/
    const ofEight = [/^j\|\d{6}\|\d{1,2}:\d\d$/, tenMinutes, /^h\|Quick-\d{1,2}-\d{1,2}:\d{1,2}$/]
    const measured = (await redis.keys('*')).filter((key) => /^j\||Quick-/.test(key))
    for (const pattern of [...ofSeven, ...ofEight]) expect(measured.some((key) => pattern.test(key))).toBe(true)
    expect(measured.filter((key) => ![...ofSeven, ...ofEight].some((pattern) => pattern.test(key)))).toEqual([])
    // The clock may pass into the next ten minutes at any time.
    const hashes = await Promise.all(measured.filter((key) => tenMinutes.test(key)).map((key) => redis.hgetall(key)))
    const sum = (field: string) => hashes.reduce((total, hash) => total + Number(hash[field] ?? 0), 0)
    expect(['Broken|p', 'Broken|f', 'Quick|p', 'Quick|f'].map(sum)).toEqual([2, 2, 1, 0])
  })

  test('the dead set keeps its limits', async () => {
    const app = open(sidekiq, { deadSet: { max: 5, for: '1h' } })
    const job = app.job('Mortal', { retry: 0, perform: () => Promise.reject(new Error('dead')) })
    await redis.zadd('dead', Date.now() / 1000 - 3_700, 'too old')
    await job.performBulk(Array.from({ length: 7 }, () => []))
    const worker = app.work({ queues: ['default'], concurrency: 1 })
    await until('all are dead', async () => (await app.stats()).processed === 7)
    await worker.stop()
    expect(await redis.zcard('dead')).toBe(4)
    expect(await redis.zscore('dead', 'too old')).toBeNull()
    const [, score] = await redis.zrange('dead', '0', '0', 'WITHSCORES')
    expect(Number(score)).toBeCloseTo(Date.now() / 1000, -1)
  })
})
