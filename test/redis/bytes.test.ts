import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ClaimedJob, Place, Storage } from '../../src/storage.ts'
import { ABOUT, TestWorker } from '../conformance/workers.ts'
import { type RedisStore, RedisStores } from './redis-stores.ts'

/** Payloads as other programs may have written them, byte for byte. */
const BYTES: Readonly<Record<string, Buffer>> = {
  'numbers that JavaScript cannot hold': payload('9223372036854775808,1.0,-0.0,1E400,0.10'),
  'letters of all kinds': payload('"ä 漢 🚲 \u2028\u2029 \\u0000"'),
  'lone surrogates, as escapes': payload('"\\ud800","\\udfff\\ud800"'),
  'bytes that are no UTF-8': payload('"\xff\xfe\x80\xc3("', 'latin1'),
  'the sign for bytes that are no UTF-8': payload('"\ufffd"'),
  'zero bytes': payload('"\u0000\u0000"'),
  'spaces where nobody writes them': Buffer.from('{ "class" : "A" ,"args":[ 1.0 ], "jid":"a" , "queue":"default" }'),
  'ten megabytes': payload(`"${'ä'.repeat(5_000_000)}"`),
  'no job at all, and no UTF-8': Buffer.from([0, 1, 2, 0xff, 0xfe, 10, 13, 0x80]),
  'what looks like the key of a row': Buffer.from('bytes:6162'),
}

function payload(args: string, encoding: BufferEncoding = 'utf8'): Buffer {
  return Buffer.from(`{"class":"A","args":[${args}],"jid":"a","queue":"default"}`, encoding)
}

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

const inQueue = (): Promise<Buffer[]> => stores.redis.lrangeBuffer('queue:default', 0, -1)
const inSet = (set: string): Promise<Buffer[]> => stores.redis.zrangeBuffer(set, '0', '-1')

async function keyIn(place: Place): Promise<string> {
  const { rows } = await storage.page(place, { offset: 0, limit: 10 })
  return rows[0]?.key ?? ''
}

/** Not toEqual: what it prints of ten megabytes takes minutes to make. */
function expectBytes(found: readonly Buffer[], expected: Buffer): void {
  expect(found.length).toBe(1)
  expect(found[0]?.equals(expected), `${found[0]?.subarray(0, 200)}`).toBe(true)
}

/** The bytes with no `enqueued_at`, as letters that are one byte each. */
const withoutStamp = (bytes: Buffer): string => bytes.toString('latin1').replace(/,"enqueued_at":[\d.]+/, '')

describe.each(Object.entries(BYTES))('%s', (_what, bytes) => {
  beforeEach(() => stores.redis.lpush('queue:default', bytes))

  test('are the same when the job is given back, retired or recovered', async () => {
    await worker.settle({ to: 'queue', token: (await worker.takeOne()).token, tally: 'none' })
    expectBytes(await inQueue(), bytes)
    await worker.takeOne()
    await storage.retire('worker')
    expectBytes(await inQueue(), bytes)
    await worker.takeOne()
    const rescuer = new TestWorker(storage, 'rescuer')
    for (let lease = 0; lease < 4; lease++) {
      await rescuer.beat()
      store.advance(30_000)
    }
    await rescuer.beat()
    expect((await storage.recover('rescuer')).requeued).toBe(1)
    expectBytes(await inQueue(), bytes)
  })

  test('are the same in the dead set, and when they are moved on', async () => {
    await worker.settle({ to: 'dead', token: (await worker.takeOne()).token, tally: 'failed' })
    expectBytes(await inSet('dead'), bytes)
    const later = { set: 'retry', delayMs: 1e6 } as const
    expect(await storage.move('dead', [{ key: await keyIn('dead'), to: later }])).toEqual([true])
    expectBytes(await inSet('retry'), bytes)
    const to = { queue: 'default' }
    expect(await storage.move('retry', [{ key: await keyIn('retry'), to }])).toEqual([true])
    expectBytes(await inQueue(), bytes)
    expect(await storage.remove(to, [await keyIn(to)])).toBe(1)
    expect(await inQueue()).toEqual([])
  })

  test('are the same but for the stamp when the job is promoted', async () => {
    await stores.redis.del('queue:default')
    await stores.redis.zadd('schedule', 1, bytes)
    expect((await storage.promote(10)).promoted).toBe(1)
    const [promoted = Buffer.alloc(0)] = await inQueue()
    expect(withoutStamp(promoted) === bytes.toString('latin1')).toBe(true)
  })

  test('are found by a scan, whose cursor leads on', async () => {
    for (const set of ['retry', 'dead'] as const) {
      await stores.redis.zadd(set, 1, 'first', 2, bytes, 3, 'last')
      const found: string[] = []
      for (let cursor: string | undefined, step = 0; step < 5; step++) {
        const scan = await storage.scan(set, { limit: 1, cursor })
        found.push(...scan.rows.map(({ key }) => key))
        cursor = scan.cursor
        if (cursor === undefined) break
      }
      expect(found.length).toBe(3)
      expect(await storage.remove(set, found)).toBe(3)
    }
  })
})

test('a text that replaces another is written as it is', async () => {
  await stores.redis.lpush('queue:default', '{}')
  const { token }: ClaimedJob = await worker.takeOne()
  const text = '{"a":[1.0,"\u2028 \\ud800 🚲"]}'
  await worker.settle({ to: 'retry', token, tally: 'failed', delayMs: 1, text })
  expectBytes(await inSet('retry'), Buffer.from(text))
})

test('what runs is shown to Ruby byte for byte', async () => {
  const text = '{"class":"A","args":[9223372036854775808,1.0,"ä/\\u2028\\\\"],"jid":"a","queue":"default"}'
  await stores.redis.lpush('queue:default', text)
  const { token } = await worker.takeOne()
  await storage.beat({
    worker: 'worker',
    leaseMs: 60_000,
    about: ABOUT,
    quiet: false,
    running: [{ token, startedAt: 1_700_000_000_123 }],
    heard: [],
    held: [token],
    answered: {},
  })
  const entry = JSON.parse((await stores.redis.hget('worker:work', String(token))) ?? '')
  expect(entry.payload).toBe(text)
})
