import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { exchanging } from '../../adapters/redis/exchange.ts'
import type { Link } from '../../adapters/redis/link.ts'
import { LOOK } from '../../adapters/redis/scripts/exchange.ts'
import type { Storage } from '../../src/storage.ts'
import { jids, job, jobs, push } from '../conformance/jobs.ts'
import { waiting } from '../conformance/places.ts'
import { done, TestWorker } from '../conformance/workers.ts'
import { type RedisStore, RedisStores } from './redis-stores.ts'

// How scripts are called: how often, and how much one of them does.

const stores = new RedisStores()
let store: RedisStore
let storage: Storage

beforeAll(() => stores.start())
afterAll(() => stores.stop())
beforeEach(async () => {
  store = await stores.create()
  storage = await store.open({ namespace: '', dead: { max: 100, forMs: 1e9 } })
  return () => storage.close()
})

/** How often Redis carries out a command while something happens. */
async function callsOf(command: string, happens: () => Promise<unknown>): Promise<number> {
  await stores.redis.config('RESETSTAT')
  await happens()
  const stats = await stores.redis.info('commandstats')
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0)
}

const scriptsOf = (happens: () => Promise<unknown>): Promise<number> => callsOf('evalsha', happens)

async function fill(count: number, delayMs: number): Promise<void> {
  for (let from = 0; from < count; from += 1_000) {
    await push(storage, ...jobs(`job-${from}`, Math.min(1_000, count - from), { delayMs }))
  }
}

test('due jobs move in slices, so that no script keeps Redis busy for long', async () => {
  await fill(5_000, 1_000)
  store.advance(2_000)
  let promotion: unknown
  const scripts = await scriptsOf(async () => {
    promotion = await storage.promote(100_000)
  })
  expect(promotion).toEqual({ promoted: 5_000, nextMs: undefined })
  expect(scripts).toBeGreaterThan(5_000 / 500)
  expect((await storage.stats(0)).enqueued).toBe(5_000)
})

test('large jobs that are due move one by one', async () => {
  const text = 'x'.repeat(1_000_000)
  for (let score = 0; score < 20; score++) await stores.redis.zadd('schedule', score, score + text)
  expect(await scriptsOf(() => storage.promote(1_000))).toBeGreaterThan(2 * 20)
  expect(await stores.redis.llen('queue:default')).toBe(20)
})

test('a worker that has nothing to do sends one script for each call', async () => {
  const worker = new TestWorker(storage, 'worker')
  await worker.claim(1)
  await worker.beat()
  const calls = [
    () => worker.claim(5),
    () => storage.promote(100),
    () => worker.beat(),
    () => storage.recover('worker'),
  ]
  for (const call of calls) expect(await scriptsOf(call)).toBe(1)
})

test('Redis is asked to tell once, and again when it has told', async () => {
  const worker = new TestWorker(storage, 'worker')
  const wakes: string[] = []
  const end = storage.subscribe?.((wake) => wakes.push(wake))
  const isSilent = () => callsOf('exec', () => worker.claim(10))
  await expect.poll(isSilent).toBe(0)
  wakes.length = 0
  await push(storage, job('a'))
  await expect.poll(() => wakes).toContain('claimable')
  expect(await callsOf('exec', () => worker.claim(10).then(() => storage.stats(0)))).toBe(1)
  expect(await isSilent()).toBe(0)
  end?.()
})

test('a worker that got all that it asked for does not ask to be told', async () => {
  const worker = new TestWorker(storage, 'worker')
  const end = storage.subscribe?.(() => {})
  await fill(20, 0)
  expect(await callsOf('exec', () => worker.claim(10).then(() => storage.stats(0)))).toBe(0)
  end?.()
})

for (const found of [0, 1]) {
  test(`a worker that finds less than it asked for looks again, and is woken for ${found} jobs`, async () => {
    let rings = 0
    let isWatching = false
    const link: Link = {
      prefix: '',
      async run(script) {
        if (script === LOOK) isWatching = true
        return script === LOOK ? found : ['new', '1', '', '', 'default', ['{}']]
      },
      command: async () => undefined,
    }
    const watch = { isWatching: () => isWatching, unwatch: () => {}, ring: () => void rings++ }
    const exchange = exchanging(link, { max: 1, forMs: 1 }, watch)
    const worker = new TestWorker({ ...storage, exchange }, 'worker')
    await worker.claim(1)
    expect(rings).toBe(0)
    await worker.claim(2)
    expect(rings).toBe(found)
    // Redis still has to tell of the next change: there is no need to look.
    await worker.claim(2)
    expect(rings).toBe(found)
  })
}

test('what is held of many requests is known for as long as it is held', async () => {
  const worker = new TestWorker(storage, 'worker')
  await push(storage, job('first', { queue: 'early' }), job('last', { queue: 'late' }))
  await worker.take(1, { queues: ['early'], lane: 'other' })
  for (let round = 0; round < 100; round++) {
    await push(storage, job(`job-${round}`))
    await worker.settle(done(await worker.takeOne()))
  }
  await worker.take(1, { queues: ['late'] })
  // It grows with what is held, and not with what was.
  const runs = await stores.redis.hget('quayside:worker:worker', 'runs')
  expect(runs?.length).toBeLessThan(2_000)
  await storage.retire('worker')
  expect(await waiting(storage, 'early')).toEqual(['first'])
  expect(await waiting(storage, 'late')).toEqual(['last'])
})

test('a call larger than what Lua can unpack is one call all the same', async () => {
  const worker = new TestWorker(storage, 'worker')
  const many = jobs('job', 20_000)
  await push(storage, ...many)
  const claimed = await worker.claim(20_000, { ahead: 10_000 })
  expect(jids(claimed)).toEqual(many.map(({ jid }) => jid))
  const begun = claimed.slice(10_000).map(({ token }) => token)
  expect((await worker.exchange({ begun, settlements: claimed.map((each) => done(each)) })).refused).toEqual([])
  expect(await storage.stats(0)).toMatchObject({ processed: 20_000, running: 0 })
})
