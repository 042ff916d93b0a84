import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { indexedDBStorage, purge } from '../../../adapters/indexeddb/index.ts'
import { UPGRADES, type Upgrade } from '../../../adapters/indexeddb/schema.ts'
import { newMeta } from '../../../adapters/indexeddb/step.ts'
import { job, push } from '../../conformance/jobs.ts'
import { jidsIn, waiting } from '../../conformance/places.ts'
import { done, TestWorker } from '../../conformance/workers.ts'
import { type Platform, Site } from './platform.ts'

interface OldJob {
  readonly id: number
  readonly payload: string
}

/** A version that never was: jobs in one store, by number. */
const asItWas: Upgrade = (database) => {
  database.createObjectStore('waiting', { keyPath: 'id', autoIncrement: true })
}

/** What a later version would do for its users: make the new stores, and take the old jobs there. */
const asItIs: Upgrade = (database, transaction, epoch) => {
  for (const upgrade of UPGRADES) upgrade(database, transaction, epoch)
  transaction.objectStore('waiting').getAll().onsuccess = ({ target }) => {
    const old = (target as IDBRequest<OldJob[]>).result
    for (const { id, payload } of old) {
      const { jid } = JSON.parse(payload)
      transaction.objectStore('jobs').put({ place: 'queue:default', at: 2, seq: id, jid, text: payload })
    }
    const meta = newMeta(epoch)
    const head = old[0]?.id ?? Number.POSITIVE_INFINITY
    meta.places.set('queue:default', { place: 'queue:default', size: old.length, front: 0, head, paused: false })
    transaction.objectStore('meta').put(meta)
    database.deleteObjectStore('waiting')
  }
}

export function storageTests(platform: Platform): void {
  describe('an older version of the database', () => {
    test('is brought up to date, and its jobs are kept', async () => {
      const site = new Site(platform)
      const old = await site.raw(1, (database, { transaction }) =>
        asItWas(database, transaction as IDBTransaction, 'old'),
      )
      const filling = old.transaction('waiting', 'readwrite')
      for (const jid of ['a', 'b', 'c']) filling.objectStore('waiting').put({ payload: job(jid).text })
      await new Promise((resolve) => filling.addEventListener('complete', resolve))
      old.close()

      const storage = await site.open({}, [asItWas, asItIs])
      expect(await waiting(storage)).toEqual(['a', 'b', 'c'])
      await push(storage, job('d'))
      expect([await waiting(storage), site.lost]).toEqual([['a', 'b', 'c', 'd'], []])
      const w = new TestWorker(storage, 'w')
      const [a] = await w.take(2)
      expect((await w.settle(done(a))).refused).toEqual([])
      expect(await storage.cancel('c')).toBe('waiting')
      expect(await waiting(storage)).toEqual(['d'])
      expect([...(await site.raw()).objectStoreNames]).not.toContain('waiting')
    })

    test('is made by the same steps that a new one is made by', async () => {
      const site = new Site(platform)
      const storage = await site.open({}, [asItWas, asItIs])
      await push(storage, job('a'), job('later', { delayMs: 1_000 }))
      expect([await waiting(storage), await jidsIn(storage, 'scheduled')]).toEqual([['a'], ['later']])
    })
  })

  describe('options', () => {
    test.each(['relaxed', 'strict'] as const)('durability %s is what each transaction has', async (durability) => {
      const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction')
      onTestFinished(() => transaction.mockRestore())
      await push(await new Site(platform).open({ durability }), job('a'))
      expect(transaction.mock.lastCall?.[2]).toEqual({ durability })
    })

    test('a job may have a durability of its own, and one that is strict makes its push so', async () => {
      const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction')
      onTestFinished(() => transaction.mockRestore())
      const site = new Site(platform)
      const [relaxed, strict] = [await site.open(), await site.open({ durability: 'strict' })]
      const own = (jid: string, durability: 'relaxed' | 'strict') => ({ ...job(jid), durability })
      const used = async (pushing: Promise<unknown>) => {
        await pushing
        return transaction.mock.lastCall?.[2]?.durability
      }
      expect(await used(push(relaxed, own('a', 'strict')))).toBe('strict')
      expect(await used(push(relaxed, job('b')))).toBe('relaxed')
      expect(await used(push(strict, own('c', 'relaxed')))).toBe('relaxed')
      expect(await used(push(strict, own('d', 'relaxed'), job('e')))).toBe('strict')
    })

    test('what cannot be right is refused at once', () => {
      const wrong = { durability: 'eventual' as 'strict' }
      expect(() => indexedDBStorage({ tabs: 'two' as 'one' })).toThrow("tabs must be 'one' or 'all'; got two")
      expect(() => indexedDBStorage({ answerWithin: 5 as never })).toThrow('indexedDBStorage(): answerWithin')
      expect(() => indexedDBStorage(wrong)).toThrow("durability must be 'relaxed' or 'strict'; got eventual")
      expect(() => indexedDBStorage({ patience: 5 as never })).toThrow('indexedDBStorage(): patience')
      expect(() => indexedDBStorage({ openWithin: '5' as never })).toThrow('indexedDBStorage(): openWithin')
    })
  })

  describe('purge', () => {
    test('deletes a namespace and no other', async () => {
      const [mine, yours] = [new Site(platform), new Site(platform)]
      const [one, two] = [await mine.open(), await yours.open()]
      await push(one, job('a'))
      await push(two, job('b'))
      await purge(mine.namespace, platform)
      expect([await waiting(one), await waiting(two)]).toEqual([[], ['b']])
    })
  })

  describe('messages', () => {
    test('go to other tabs only when somebody waits for jobs', async () => {
      const posted: unknown[] = []
      const channel = () => ({ postMessage: (message: unknown) => posted.push(message), onmessage: null, close() {} })
      const storage = await new Site(platform).open({ channel })
      const w = new TestWorker(storage, 'w')
      await push(storage, job('a'))
      expect(posted).toEqual([])
      await w.claim(1)
      posted.length = 0
      await push(storage, job('b'))
      expect(posted).toEqual([])
      await w.claim(2)
      await push(storage, job('c'), job('d'))
      await push(storage, job('e'))
      expect(posted).toEqual([['claimable']])
    })

    test('that are none of ours are passed over', async () => {
      let hear = (_message: unknown): void => {}
      const channel = () => ({
        postMessage() {},
        close() {},
        set onmessage(listener: (event: MessageEvent) => void) {
          hear = (data) => listener({ data } as MessageEvent)
        },
      })
      const storage = await new Site(platform).open({ channel: channel as never })
      const wakes: unknown[] = []
      storage.subscribe?.((wake) => wakes.push(wake))
      for (const message of ['due', null, { due: true }, ['nonsense', 7], ['due', 'nonsense']]) hear(message)
      expect(wakes).toEqual(['due'])
    })

    test('without a channel there is no subscribe, and workers poll', async () => {
      expect((await new Site(platform).open({ channel: false })).subscribe).toBeUndefined()
    })
  })

  describe('what it keeps', () => {
    /** How many rows there are of each store. */
    async function rows(site: Site): Promise<Record<string, number>> {
      const database = await site.raw()
      const counts: Record<string, number> = {}
      for (const name of database.objectStoreNames) {
        const request = database.transaction(name).objectStore(name).count()
        await new Promise((resolve) => request.addEventListener('success', resolve))
        counts[name] = request.result
      }
      return counts
    }

    test('is nothing of jobs that are done, given back or recovered', async () => {
      const site = new Site(platform)
      const storage = await site.open()
      await push(storage, ...['a', 'b', 'c', 'd'].map((jid) => job(jid)))
      const w = new TestWorker(storage, 'w')
      const [a, b] = await w.take(3)
      await w.settle(done(a), { to: 'queue', token: b.token, tally: 'none' })
      await storage.retire('w')
      expect(await rows(site)).toMatchObject({ jobs: 3, workers: 0, reports: 0 })
      const v = new TestWorker(storage, 'v')
      await v.settle(...(await v.take(3)).map((each) => done(each)))
      expect(await rows(site)).toMatchObject({ jobs: 0 })
    })

    test('ends: locks, documents and chosen jids are swept', async () => {
      const site = new Site(platform)
      const storage = await site.open()
      await push(storage, job('a', { chosen: true, unique: { key: 'lock', forMs: 1_000 } }))
      await storage.writeDocument('short', 'text', 0, 1_000)
      await storage.writeDocument('long', 'text', 0)
      await site.clock.advance(600_000)
      expect(await rows(site)).toMatchObject({ kept: 4 })
      await storage.recover('w')
      expect(await rows(site)).toMatchObject({ kept: 1 })
    })

    test('ends soon, however much of it ends at once', async () => {
      const site = new Site(platform)
      const storage = await site.open()
      await push(storage, ...Array.from({ length: 250 }, (_, n) => job(`job-${n}`, { chosen: true })))
      await site.clock.advance(600_000)
      expect((await storage.recover('w')).nextMs).toBeLessThanOrEqual(1_000)
      expect(await rows(site)).toMatchObject({ kept: 50 })
      expect((await storage.recover('w')).nextMs).toBeUndefined()
      expect(await rows(site)).toMatchObject({ kept: 0 })
    })

    test('of what was measured is eight hours, a row for each job and minute', async () => {
      const site = new Site(platform)
      const storage = await site.open()
      const measure = (...jobs: string[]) =>
        storage.measure(jobs.map((job) => ({ job, processed: 1, failed: 0, totalMs: 1, durations: [1] })))
      await measure('A', 'B', 'A')
      expect(await rows(site)).toMatchObject({ metrics: 2 })
      await site.clock.advance(479 * 60_000)
      await measure('A')
      expect(await rows(site)).toMatchObject({ metrics: 3 })
      await site.clock.advance(60_000)
      await measure('A')
      expect(await rows(site)).toMatchObject({ metrics: 2 })
      const all = await storage.metrics({ minutes: 480 })
      expect(all.map(({ jobs }) => jobs.map(({ processed }) => processed))).toEqual([[1], [1]])
    })
  })

  describe('what it costs', () => {
    const calls = [
      'get',
      'getKey',
      'getAll',
      'getAllKeys',
      'openCursor',
      'openKeyCursor',
      'put',
      'add',
      'delete',
    ] as const

    /** How many requests it takes. */
    async function requestsOf(run: () => Promise<unknown>): Promise<number> {
      const spies = calls.map((call) => vi.spyOn(IDBObjectStore.prototype, call as 'put'))
      onTestFinished(() => void vi.restoreAllMocks())
      await run()
      return spies.reduce((sum, { mock }) => sum + mock.calls.length, 0)
    }

    const many = (name: string, count: number) => Array.from({ length: count }, (_, n) => job(`${name}-${n}`))

    test('to push is one put for each job, and two requests for the call', async () => {
      const storage = await new Site(platform).open()
      const jobs = many('job', 1_000)
      expect(await requestsOf(() => push(storage, ...jobs))).toBe(1_002)
    })

    test('to settle and claim is seven requests, however many jobs', async () => {
      const storage = await new Site(platform).open()
      await push(storage, ...many('job', 300))
      const w = new TestWorker(storage, 'w')
      const first = await w.claim(100)
      const settlements = first.map((each) => done(each))
      expect(await requestsOf(() => w.claim(100, { settlements }))).toBeLessThanOrEqual(7)
    })
  })
}
