import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SidekiqVersion } from '../../adapters/redis/options.ts'
import type { JobMetrics, Storage } from '../../src/storage.ts'
import { type RedisStore, RedisStores } from './redis-stores.ts'

// Sidekiq's keys of metrics. Time is moved to minutes whose names show what is padded and what is not.

const stores = new RedisStores()
let store: RedisStore

beforeAll(() => stores.start())
afterAll(() => stores.stop())
beforeEach(async () => {
  store = await stores.create()
})

const DURATIONS = [2, 0, 1, ...Array<number>(23).fill(0)]

const sample = (more: Partial<JobMetrics> = {}): JobMetrics => {
  return { job: 'Mail|Job', processed: 4, failed: 1, totalMs: 71, durations: DURATIONS, ...more }
}

async function openAt(at: string, sidekiq: SidekiqVersion): Promise<Storage> {
  const [seconds] = await stores.redis.time()
  store.advance(Date.parse(at) - Number(seconds) * 1000)
  return store.open({ namespace: '', dead: { max: 10, forMs: 1e9 } }, { sidekiq })
}

const OF_7 = ['Mail|Job-03-02:5', 'j|20301103|2:5']
const OF_8 = ['h|Mail|Job-3-2:5', 'j|301103|2:0', 'j|301103|2:05']

for (const [sidekiq, keys] of [
  ['6.4', [...OF_7, ...OF_8]],
  ['7', [...OF_7, ...OF_8]],
  ['8', OF_8],
] as const) {
  test(`with sidekiq '${sidekiq}' they have the names that it reads`, async () => {
    const storage = await openAt('2030-11-03T02:05:10Z', sidekiq)
    await storage.measure([sample()])
    await storage.measure([sample({ failed: 0 })])
    const found = (await stores.redis.keys('*|*')).sort()
    expect(found).toEqual([...keys].sort())
    for (const key of found.filter((each) => each.startsWith('j|'))) {
      const fields = { 'Mail|Job|p': '8', 'Mail|Job|f': '1', 'Mail|Job|ms': '142' }
      expect(await stores.redis.hgetall(key)).toEqual(fields)
    }
    for (const key of found.filter((each) => !each.startsWith('j|'))) {
      const counts = await stores.redis.bitfield_ro(key, 'GET', 'u16', '#0', 'GET', 'u16', '#1', 'GET', 'u16', '#2')
      expect(counts).toEqual([4, 0, 2])
    }
    const hours = await Promise.all(found.map(async (key) => Math.ceil((await stores.redis.ttl(key)) / 3_600)))
    expect(hours).toEqual(found.map((key) => (key === 'j|301103|2:0' ? 72 : 8)))
    await storage.close()
  })
}

test('what Ruby measured is there too, whatever it left out', async () => {
  const storage = await openAt('2030-12-24T13:07:30Z', '7')
  await stores.redis.hset('j|20301224|13:7', { 'RubyJob|p': 3, 'RubyJob|ms': 'x', odd: 1 })
  await stores.redis.set('j|20301224|13:6', 'no hash')
  await stores.redis.hset('RubyJob-24-13:7', 'no', 'bits')
  const [minute, ...others] = await storage.metrics({ minutes: 5 })
  expect(others).toEqual([])
  expect(minute?.at).toBe(Date.parse('2030-12-24T13:07:00Z'))
  expect(minute?.jobs).toEqual([{ job: 'RubyJob', processed: 3, failed: 0, totalMs: 0 }])
  const [alone] = await storage.metrics({ minutes: 5, job: 'RubyJob' })
  expect(alone?.jobs[0]?.durations).toEqual(Array(26).fill(0))
  await storage.close()
})

test('a bucket that is full stays full', async () => {
  const storage = await openAt('2030-11-03T02:05:10Z', '8')
  const many = sample({ durations: [65_000, ...Array<number>(25).fill(0)] })
  await storage.measure([many])
  await storage.measure([many])
  expect((await storage.metrics({ minutes: 1, job: 'Mail|Job' }))[0]?.jobs[0]?.durations?.[0]).toBe(65_535)
  await storage.close()
})
