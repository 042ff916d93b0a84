import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Storage } from '../../src/storage.ts'
import { jids, job, push } from '../conformance/jobs.ts'
import { died, givenBack, retried, TestWorker } from '../conformance/workers.ts'
import { type RedisStore, RedisStores } from './redis-stores.ts'

// Keys that somebody made another type of. A script cannot undo what it has done, so none of them may stop one half
// way: no job is lost, and the worker goes on with what is whole.

const stores = new RedisStores()
let store: RedisStore
let storage: Storage
let worker: TestWorker

beforeAll(() => stores.start())
afterAll(() => stores.stop())
beforeEach(async () => {
  store = await stores.create()
  storage = await store.open({ namespace: '', dead: { max: 100, forMs: 1e9 } })
  worker = new TestWorker(storage, 'worker')
  return () => storage.close()
})

test('claims pass over a queue that is no list, and take from the others', async () => {
  await stores.redis.set('queue:odd', 'text')
  await push(storage, job('a'))
  expect(jids(await worker.claim(5, { queues: ['odd', 'default'] }))).toEqual(['a'])
  expect(await worker.claim(5, { queues: ['odd', 'default'] })).toEqual([])
})

test('claims go on when `paused` is no set', async () => {
  await stores.redis.set('paused', 'text')
  await push(storage, job('a'))
  expect(jids(await worker.claim(5))).toEqual(['a'])
  expect(await worker.claim(5)).toEqual([])
})

test('promotion goes on with one set when the other is none', async () => {
  await stores.redis.set('retry', 'text')
  await stores.redis.zadd('schedule', 1, job('a').text, 2, '{"class":', 3, '{"queue":7}')
  expect(await storage.promote(10)).toEqual({ promoted: 3, nextMs: undefined })
  expect((await storage.queues()).map(({ name, size }) => [name, size])).toEqual([['default', 3]])
})

test('a push to a queue that is no list stores nothing at all', async () => {
  await stores.redis.set('queue:odd', 'text')
  const push2 = push(storage, job('a'), job('b', { queue: 'odd' }), job('c', { delayMs: 1_000 }))
  await expect(push2).rejects.toThrow('queue:odd is a string')
  expect(await stores.redis.keys('*')).toEqual(['queue:odd'])
  expect(await push(storage, job('a'))).toEqual([])
})

test('what cannot be put where it belongs is kept aside, and no worker stops', async () => {
  await push(storage, job('retried'), job('died'), job('back'))
  const [retry, dead, back] = await worker.take(3)
  await stores.redis.mset({ retry: 'text', dead: 'text', 'queue:default': 'text', queues: 'text' })
  const settlements = [retried(retry, 1), died(dead), givenBack(back)]
  expect((await worker.settle(...settlements)).refused).toEqual([])
  const strays = await stores.redis.lrange('quayside:strays', 0, -1)
  expect(strays.sort()).toEqual([retry.text, dead.text, back.text].sort())
  expect((await storage.stats(0)).running).toBe(0)
})

test('a lost worker is recovered whose queue is no list any more', async () => {
  await push(storage, job('a'), job('b', { queue: 'odd' }))
  await new TestWorker(storage, 'lost', 1).claim(2, { queues: ['default', 'odd'] })
  await stores.redis.set('queue:odd', 'text')
  await worker.beat({ leaseMs: 1_000 })
  store.advance(600)
  await worker.beat({ leaseMs: 1_000 })
  store.advance(600)
  await storage.recover('worker')
  expect((await storage.queues()).map(({ name, size }) => [name, size])).toEqual([
    ['default', 1],
    ['odd', 0],
  ])
  expect(await stores.redis.llen('quayside:strays')).toBe(1)
})

test('looking shows what can be shown', async () => {
  const odd = ['queues', 'paused', 'processes', 'schedule', 'retry', 'dead', 'stat:processed', 'queue:default']
  for (const key of odd) await stores.redis.hset(key, 'field', 'value')
  expect(await storage.queues()).toEqual([])
  expect(await storage.workers()).toEqual([])
  const nothing = { processed: 0, failed: 0, enqueued: 0, scheduled: 0, retry: 0, dead: 0, workers: 0, running: 0 }
  expect(await storage.stats(0)).toEqual({ ...nothing, days: [] })
  for (const place of ['scheduled', 'dead', { queue: 'default' }] as const) {
    expect(await storage.page(place, { offset: 0, limit: 5 })).toEqual({ rows: [], total: 0 })
    expect(await storage.scan(place, { limit: 5 })).toEqual({ rows: [], cursor: undefined })
    expect(await storage.clear(place)).toBe(0)
    expect(await storage.remove(place, ['field'])).toBe(0)
  }
  expect(await storage.cancel('nobody')).toBe('gone')
  await storage.wipe()
  expect((await stores.redis.keys('*')).sort()).toEqual(['processes', 'queue:default'])
})
