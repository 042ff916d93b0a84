import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RedisStorageOptions } from '../../adapters/redis/options.ts'
import type { Storage, WorkerAbout } from '../../src/storage.ts'
import { job, push } from '../conformance/jobs.ts'
import { done, TestWorker } from '../conformance/workers.ts'
import { type RedisStore, RedisStores } from './redis-stores.ts'

// What Ruby's processes and pages find in Redis, and what we make of what they write.

const ID = 'host:1:abcdef'

const ABOUT: WorkerAbout = {
  startedAt: 1_767_268_800_000,
  queues: ['critical', 'default'],
  concurrency: 7,
  tag: `<script>"it's"`,
  labels: ['a<b'],
  capsules: {
    default: { concurrency: 5, order: 'strict', weights: { critical: 1, default: 1 } },
    other: { concurrency: 2, order: 'weighted', weights: { low: 3 } },
  },
}

const stores = new RedisStores()
let store: RedisStore
let storage: Storage
let worker: TestWorker

async function open(options: RedisStorageOptions = {}): Promise<void> {
  storage = await store.open({ namespace: '', dead: { max: 10, forMs: 1e9 } }, options)
  worker = new TestWorker(storage, ID)
}

beforeAll(() => stores.start())
afterAll(() => stores.stop())
beforeEach(async () => {
  store = await stores.create()
  await open()
  return () => storage.close()
})

const { now } = Date

describe('a worker', () => {
  test('is a process of Sidekiq, with nothing in it that could run in its page', async () => {
    await worker.beat({ about: ABOUT, quiet: true })
    expect(await stores.redis.smembers('processes')).toEqual([ID])
    expect(await stores.redis.ttl(ID)).toBeGreaterThan(50)
    const { info = '', beat, ...rest } = await stores.redis.hgetall(ID)
    expect(rest).toEqual({
      busy: '0',
      quiet: 'true',
      concurrency: '7',
      rss: expect.stringMatching(/^\d+$/),
      rtt_us: '0',
    })
    expect(Math.abs(Number(beat) * 1000 - now())).toBeLessThan(60_000)
    expect(JSON.parse(info)).toEqual({
      hostname: expect.any(String),
      started_at: 1_767_268_800,
      pid: process.pid,
      tag: '‹script›”it’s”',
      concurrency: 7,
      queues: ['critical', 'default'],
      labels: ['a‹b'],
      identity: ID,
      weights: [{ critical: 0, default: 0 }, { low: 3 }],
      version: 'quayside',
      embedded: false,
      capsules: {
        default: { concurrency: 5, mode: 'strict', weights: { critical: 0, default: 0 } },
        other: { concurrency: 2, mode: 'weighted', weights: { low: 3 } },
      },
    })
    expect(info).not.toMatch(/[<>]/)
  })

  test('is shown to us as it told, markup and all', async () => {
    await worker.beat({ about: ABOUT })
    const [shown] = await storage.workers()
    expect(shown).toMatchObject(ABOUT)
  })

  for (const [sidekiq, keys] of [
    ['7', [`${ID}:work`]],
    ['6.4', [`${ID}:work`, `${ID}:workers`]],
  ] as const) {
    test(`shows what it performs where Sidekiq ${sidekiq} looks for it, until it is done`, async () => {
      await storage.close()
      await open({ sidekiq })
      await push(storage, job('a'))
      const { token, text, ...rest } = await worker.takeOne()
      const running = [{ token, startedAt: 1_700_000_000_999 }]
      await worker.beat({ about: ABOUT, running })
      expect((await stores.redis.keys(`${ID}:work*`)).sort()).toEqual(keys)
      for (const key of keys) {
        const work = await stores.redis.hgetall(key)
        expect(Object.keys(work)).toEqual([String(token)])
        const expected = { queue: 'default', payload: text, run_at: 1_700_000_000, started_at: 1_700_000_000_999 }
        expect(JSON.parse(work[token] ?? '')).toEqual(expected)
        expect(await stores.redis.ttl(key)).toBeGreaterThan(50)
      }
      expect(await stores.redis.hget(ID, 'busy')).toBe('1')
      await worker.settle(done({ token, text, ...rest }))
      await worker.beat({ about: ABOUT })
      expect(await stores.redis.keys(`${ID}:work*`)).toEqual([])
    })
  }

  test('obeys the signals of the page, and leaves nothing behind when it retires', async () => {
    await worker.beat()
    await stores.redis.lpush(`${ID}-signals`, 'TSTP', 'TTIN', 'HUP')
    expect([...(await worker.beat()).signals].sort()).toEqual(['dump', 'quiet'])
    expect((await worker.beat()).signals).toEqual([])
    await storage.retire(ID)
    expect(await stores.redis.keys(`*${ID}*`)).toEqual([])
    expect(await stores.redis.exists('processes')).toBe(0)
  })
})

describe('a job', () => {
  test('waits as its bare text in a list, behind those before it', async () => {
    const [a, b] = [job('a'), job('b')]
    await push(storage, a, b)
    expect(await stores.redis.lrange('queue:default', 0, -1)).toEqual([b.text, a.text])
    expect(await stores.redis.smembers('queues')).toEqual(['default'])
    expect(await stores.redis.type('queue:default')).toBe('list')
  })

  test('that is scheduled is its bare text, at its second', async () => {
    const later = job('later', { delayMs: 3_600_000 })
    await push(storage, later)
    const [text, score] = await stores.redis.zrange('schedule', '0', '-1', 'WITHSCORES')
    expect(text).toBe(later.text)
    expect(Math.abs(Number(score) * 1000 - now() - 3_600_000)).toBeLessThan(60_000)
  })

  for (const [sidekiq, pattern] of [
    ['7', /"enqueued_at":\d{10}\.\d+/],
    ['8', /"enqueued_at":\d{13}[,}]/],
  ] as const) {
    test(`that is promoted has the time as Sidekiq ${sidekiq} writes it`, async () => {
      await storage.close()
      await open({ sidekiq })
      await push(storage, job('a', { delayMs: 1_000 }))
      store.advance(1_000)
      await storage.promote(1)
      expect(await stores.redis.lindex('queue:default', 0)).toMatch(pattern)
    })
  }

  test('that ended is counted in all and for its day, which is kept for five years', async () => {
    await push(storage, job('a'), job('b'))
    const [a, b] = await worker.take(2)
    await worker.settle(done(a), done(b, { tally: 'failed' }))
    const keys = (await stores.redis.keys('stat:*')).sort()
    expect(keys.map((key) => key.replace(/:\d{4}-\d\d-\d\d$/, ':day'))).toEqual([
      'stat:failed',
      'stat:failed:day',
      'stat:processed',
      'stat:processed:day',
    ])
    expect(await stores.redis.mget(keys)).toEqual(['1', '1', '2', '2'])
    expect(await stores.redis.ttl(keys[3] ?? '')).toBeGreaterThan(157_679_000)
    expect(await stores.redis.ttl('stat:processed')).toBe(-1)
  })

  test('costs Redis no more than its text in a list does', async () => {
    await push(storage, ...Array.from({ length: 1_000 }, (_, index) => job(`job-${index}`)))
    const ours = Number(await stores.redis.memory('USAGE', 'queue:default', 'SAMPLES', 0))
    const texts = await stores.redis.lrange('queue:default', 0, -1)
    for (const text of texts.reverse()) await stores.redis.lpush('bare', text)
    expect(ours).toBeLessThan(1.05 * Number(await stores.redis.memory('USAGE', 'bare', 'SAMPLES', 0)))
  })
})

describe("Ruby's processes", () => {
  const RUBY = 'ruby:2:fedcba'
  const info = {
    hostname: 'ruby',
    started_at: 1_767_268_800.5,
    pid: 2,
    tag: 'shop',
    concurrency: 5,
    queues: ['default', 'low'],
    weights: [{ default: 3, low: 1 }],
    labels: ['reliable'],
  }
  const payload = '{"class":"A","args":[1.0],"jid":"running","queue":"low"}'

  beforeEach(async () => {
    await stores.redis.sadd('processes', RUBY, 'dead:3:0')
    const beat = { info: JSON.stringify(info), busy: '1', beat: '1767268900.25', quiet: 'false' }
    await stores.redis.hset(RUBY, beat)
    await stores.redis.hset(`${RUBY}:work`, 'tid1', JSON.stringify({ queue: 'low', payload, run_at: 1_767_268_890 }))
  })

  test('are workers too, as long as their hash is there', async () => {
    expect(await storage.workers()).toEqual([
      {
        worker: RUBY,
        startedAt: 1_767_268_800_500,
        queues: ['default', 'low'],
        concurrency: 5,
        tag: 'shop',
        labels: ['reliable'],
        capsules: { default: { concurrency: 5, order: 'weighted', weights: { default: 3, low: 1 } } },
        beatAt: 1_767_268_900_250,
        quiet: false,
        running: [{ queue: 'low', text: payload, startedAt: 1_767_268_890_000 }],
      },
    ])
    expect(await storage.stats(0)).toMatchObject({ workers: 1, running: 1 })
  })

  test('of 8.1 have capsules, and their concurrency elsewhere', async () => {
    const { concurrency: _, ...rest } = info
    const capsules = { default: { concurrency: 9, mode: 'random', weights: { default: 1 } } }
    await stores.redis.hset(RUBY, { info: JSON.stringify({ ...rest, capsules }), concurrency: '9' })
    const [shown] = await storage.workers()
    expect(shown?.concurrency).toBe(9)
    expect(shown?.capsules).toEqual({ default: { concurrency: 9, order: 'random', weights: { default: 1 } } })
  })

  test('may have told nonsense', async () => {
    const odd = { queues: 'default', labels: { a: 1 }, weights: [null], started_at: 'x', capsules: [] }
    await stores.redis.hset(RUBY, { info: JSON.stringify(odd), beat: 'now' })
    await stores.redis.hset(`${RUBY}:work`, { a: 'no JSON', b: '[]', c: '{"payload":{}}', d: 'null' })
    await stores.redis.hset('dead:3:0', { info: 'no JSON' })
    const [shown, ...others] = await storage.workers()
    expect(others).toEqual([])
    expect(shown).toMatchObject({ queues: [], labels: [], startedAt: 0, beatAt: 0, concurrency: 0 })
    expect(shown?.running.length).toBe(1)
  })

  test('can be signalled while they live', async () => {
    expect(await storage.signal(RUBY, 'quiet')).toBe(true)
    expect(await stores.redis.lrange(`${RUBY}-signals`, 0, -1)).toEqual(['TSTP'])
    expect(await storage.signal('dead:3:0', 'quiet')).toBe(false)
  })

  test('hear of the cancellation of an iterable job, with a cursor that they can read', async () => {
    expect(await storage.cancel('running')).toBe('running')
    const { cancelled, ...rest } = await stores.redis.hgetall('it-running')
    expect(rest).toEqual({ ex: '0', c: 'null', rt: '0' })
    expect(Math.abs(Number(cancelled) * 1000 - now())).toBeLessThan(60_000)
    expect(await stores.redis.ttl('it-running')).toBeGreaterThan(2_591_000)
  })

  test('keep the place that an iterable job has reached when it is cancelled', async () => {
    await stores.redis.hset('it-running', { ex: 2, c: '17', rt: '3.5' })
    await storage.cancel('running')
    expect(await stores.redis.hgetall('it-running')).toMatchObject({ ex: '2', c: '17', rt: '3.5' })
  })

  test('are no lost workers of ours, and stay when all else is wiped', async () => {
    await stores.redis.hset('it-other', { ex: 1 })
    await stores.redis.set('somebody:else', '1')
    await push(storage, job('a'))
    await worker.claim(1)
    await worker.beat()
    await storage.wipe()
    const keys = (await stores.redis.keys('*')).sort()
    expect(keys).toEqual(['it-other', 'processes', 'quayside:seq', RUBY, `${RUBY}:work`, 'somebody:else'].sort())
    expect((await stores.redis.smembers('processes')).sort()).toEqual(['dead:3:0', RUBY])
  })
})
