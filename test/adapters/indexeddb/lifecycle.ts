import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { IndexedDBOptions } from '../../../adapters/indexeddb/index.ts'
import type { Wake } from '../../../src/storage.ts'
import { job, push } from '../../conformance/jobs.ts'
import { waiting } from '../../conformance/places.ts'
import { TestWorker } from '../../conformance/workers.ts'
import { FakePage } from './page.ts'
import { type Platform, Site } from './platform.ts'
import { soon } from './soon.ts'

const ANYTHING: readonly Wake[] = ['claimable', 'due', 'network', 'recoverable', 'signal']

async function openPage(site: Site, options: IndexedDBOptions = {}) {
  const page = new FakePage()
  const storage = await site.open({ page, ...options })
  const wakes: Wake[] = []
  storage.subscribe?.((wake) => wakes.push(wake))
  return { page, storage, wakes }
}

/** Keeps a transaction open, as a tab does that was frozen in the middle of one. Answers how it ends. */
async function holdUp(site: Site): Promise<() => Promise<void>> {
  const transaction = (await site.raw()).transaction(['jobs', 'meta'], 'readwrite')
  const ended = new Promise<void>((resolve) => transaction.addEventListener('complete', () => resolve()))
  let isHeld = true
  const hold = () => {
    if (isHeld) transaction.objectStore('meta').count().onsuccess = hold
  }
  const end = () => {
    isHeld = false
    return ended
  }
  hold()
  onTestFinished(() => void end())
  return end
}

/** All transactions from now on. */
function watchTransactions() {
  const spy = vi.spyOn(IDBDatabase.prototype, 'transaction')
  onTestFinished(() => spy.mockRestore())
  return spy
}

export function lifecycleTests(platform: Platform): void {
  describe('a page', () => {
    test.each(['pageshow', 'resume', 'online'])('looks at everything again on %s', async (event) => {
      const { page, wakes } = await openPage(new Site(platform))
      page.happens(event)
      expect([...wakes].sort()).toEqual(ANYTHING)
    })

    test('looks at everything again when it is seen, and not when it is hidden', async () => {
      const { page, wakes } = await openPage(new Site(platform))
      page.turns('hidden')
      expect(wakes).toEqual([])
      page.turns('visible')
      expect([...wakes].sort()).toEqual(ANYTHING)
    })

    test('that is hidden takes each message for a chance to look at what is due', async () => {
      const site = new Site(platform)
      const [{ page, wakes }, other] = [await openPage(site), await openPage(site)]
      page.turns('hidden')
      await new TestWorker(other.storage, 'w').claim(0)
      await soon(() => expect(wakes).toEqual(['recoverable', 'due']))
      page.turns('visible')
      wakes.length = 0
      await new TestWorker(other.storage, 'v').claim(0)
      await soon(() => expect(wakes).toEqual(['recoverable']))
    })

    test('is not listened to once the storage is closed', async () => {
      const { page, storage } = await openPage(new Site(platform))
      expect(page.listeners).toBeGreaterThan(0)
      await storage.close()
      expect(page.listeners).toBe(0)
    })

    test('that is frozen in the middle of a transaction holds up nobody, and does it when it is back', async () => {
      const site = new Site(platform)
      const [frozen, other] = [await openPage(site), await openPage(site)]
      const begun = watchTransactions()
      const frozenInside = new Promise<void>((resolve) => {
        begun.mockImplementationOnce(function (this: IDBDatabase, ...given) {
          queueMicrotask(() => resolve(frozen.page.happens('freeze')))
          return this.transaction(...given)
        })
      })
      const pushing = push(frozen.storage, job('a'))
      await frozenInside
      const pushingAnother = push(frozen.storage, job('b'), job('c'))
      begun.mockClear()
      await push(other.storage, job('d'))
      expect([await waiting(other.storage), begun.mock.calls.length]).toEqual([['d'], 2])
      frozen.page.happens('resume')
      await Promise.all([pushing, pushingAnother])
      expect((await waiting(other.storage)).sort()).toEqual(['a', 'b', 'c', 'd'])
    })

    test('that is told to freeze and is not goes on after a while', async () => {
      const site = new Site(platform)
      const { page, storage } = await openPage(site)
      page.happens('freeze')
      const pushing = push(storage, job('a'))
      await site.clock.advance(30_000)
      await pushing
      expect(site.clock.waiting).toBe(0)
    })
  })

  describe('a transaction that takes too long', () => {
    test('behind one that was frozen is undone, and its caller is told', async () => {
      const site = new Site(platform)
      const { storage } = await openPage(site)
      const release = await holdUp(site)
      const transactions = watchTransactions()
      const pushing = push(storage, job('a'))
      const outcome = expect(pushing).rejects.toMatchObject({
        code: 'ERR_STORAGE_UNAVAILABLE',
        outcome: 'none',
        message: expect.stringContaining('frozen'),
      })
      await soon(() => expect(transactions).toHaveBeenCalled())
      await site.clock.advance(30_000)
      await outcome
      await release()
      expect(await waiting(storage)).toEqual([])
      await push(storage, job('b'))
      expect([await waiting(storage), site.clock.waiting]).toEqual([['b'], 0])
    })

    test('to be committed leaves open whether it was, and how long that is can be told', async () => {
      const site = new Site(platform)
      const { storage } = await openPage(site, { answerWithin: '5s' })
      const { commit } = IDBTransaction.prototype
      const committed = vi.spyOn(IDBTransaction.prototype, 'commit')
      onTestFinished(() => committed.mockRestore())
      committed.mockImplementationOnce(function (this: IDBTransaction) {
        this.oncomplete = null
        commit.call(this)
      })
      const outcome = expect(push(storage, job('a'))).rejects.toMatchObject({
        code: 'ERR_STORAGE_UNAVAILABLE',
        outcome: 'unknown',
        message: expect.stringContaining('within 5000 ms'),
      })
      await soon(() => expect(committed).toHaveBeenCalled())
      await site.clock.advance(5_000)
      await outcome
      expect(await waiting(storage)).toEqual(['a'])
    })
  })
}
