import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { IndexedDBOptions } from '../../../adapters/indexeddb/index.ts'
import type { Wake } from '../../../src/storage.ts'
import { job, jobs, push } from '../../conformance/jobs.ts'
import { waiting } from '../../conformance/places.ts'
import { done, TestWorker } from '../../conformance/workers.ts'
import { FakeLocalStorage, FakePage } from './page.ts'
import { type Platform, Site } from './platform.ts'
import { soon } from './soon.ts'

const PATIENCE_MS = 150_000
const MINUTE_MS = 60_000
const ANYTHING: readonly Wake[] = ['claimable', 'due', 'recoverable', 'signal']

/** A tab of a site where one performs, with a worker that has not spoken yet. */
async function openTab(site: Site, name: string, options: IndexedDBOptions = {}) {
  const page = new FakePage()
  const storage = await site.open({ tabs: 'one', page, ...options })
  const wakes: Wake[] = []
  storage.subscribe?.((wake) => wakes.push(wake))
  return { page, storage, wakes, worker: new TestWorker(storage, name) }
}

type Tab = Awaited<ReturnType<typeof openTab>>

/** A tab that performs, and one that would. */
async function twoTabs(platform: Platform, options: IndexedDBOptions = {}) {
  const site = new Site(platform)
  const [first, second] = [await openTab(site, 'first', options), await openTab(site, 'second', options)]
  await first.worker.beat()
  await second.worker.beat()
  return { site, first, second }
}

/** Waits until a tab is told that it performs. */
async function elected({ wakes }: Tab): Promise<void> {
  await soon(() => expect(wakes).toEqual(expect.arrayContaining([...ANYTHING])))
}

/** Time passes, and of all workers only these are heard of, each minute. */
async function live(site: Site, ms: number, ...workers: TestWorker[]): Promise<void> {
  for (let left = ms; left > 0; left -= MINUTE_MS) {
    await site.clock.advance(Math.min(left, MINUTE_MS))
    for (const worker of workers) await worker.beat()
  }
}

const isStandby = async ({ worker }: Tab): Promise<boolean> => (await worker.beat()).standby === true

/** Who holds the lock of whoever performs, and who waits for it. */
async function candidates({ platform, namespace }: Site): Promise<[held: number, waiting: number]> {
  const { held = [], pending = [] } = await platform.locks.query()
  const count = (locks: LockInfo[]) => locks.filter(({ name }) => name === `quayside:${namespace}:performer`).length
  return [count(held), count(pending)]
}

export function electionTests(platform: Platform): void {
  describe('of several tabs', () => {
    test('one performs, and the others get nothing', async () => {
      const { site, first, second } = await twoTabs(platform)
      await push(second.storage, job('a'), job('b'), job('later', { delayMs: 1_000 }))
      await site.clock.advance(1_000)
      expect(await second.worker.claim(5)).toEqual([])
      expect(await second.storage.promote(5)).toEqual({ promoted: 0, nextMs: undefined })
      expect((await first.storage.promote(5)).promoted).toBe(1)
      expect(await first.worker.claim(5)).toHaveLength(3)
      expect(await candidates(site)).toEqual([1, 1])
    })

    test('those on standby are seen, and say so', async () => {
      const { second, first } = await twoTabs(platform)
      expect([await isStandby(first), await isStandby(second)]).toEqual([false, true])
      const states = await first.storage.workers()
      expect(states.map(({ worker, standby }) => [worker, standby])).toEqual([
        ['first', undefined],
        ['second', true],
      ])
      expect(await first.storage.signal('second', 'dump')).toBe(true)
      expect((await second.worker.beat()).signals).toEqual(['dump'])
    })

    test('those on standby are not woken for what they would not get', async () => {
      const { first, second } = await twoTabs(platform)
      await first.worker.claim(1)
      second.wakes.length = 0
      await push(second.storage, job('a'))
      await first.storage.signal('second', 'dump')
      await soon(() => expect(second.wakes).toContain('signal'))
      expect(second.wakes).not.toContain('claimable')
      expect(first.wakes).toContain('claimable')
    })

    test('the next one goes on at once when the one that performs is gone', async () => {
      const { first, second } = await twoTabs(platform)
      await push(first.storage, job('a'), job('b'))
      await first.worker.takeOne()
      second.wakes.length = 0
      await first.storage.close()
      await elected(second)
      expect((await second.storage.recover('second')).requeued).toBe(1)
      expect(await second.worker.claim(5)).toHaveLength(2)
      expect(await isStandby(second)).toBe(false)
    })

    test.each(['retires', 'is quiet'])('the next one goes on when the last worker of a tab %s', async (ends) => {
      const { first, second } = await twoTabs(platform)
      const other = new TestWorker(first.storage, 'other')
      await other.beat()
      const end = ({ id }: TestWorker) =>
        ends === 'retires' ? first.storage.retire(id) : new TestWorker(first.storage, id).beat({ quiet: true })
      await end(other)
      expect(await isStandby(second)).toBe(true)
      second.wakes.length = 0
      await end(first.worker)
      await elected(second)
    })

    test.each([
      ['freeze', 'resume'],
      ['pagehide', 'pageshow'],
    ])('on %s another goes on, and on %s the tab stands in line again', async (leave, comeBack) => {
      const { site, first, second } = await twoTabs(platform)
      await push(first.storage, job('a'), job('b'))
      const a = await first.worker.takeOne()
      second.wakes.length = 0
      first.page.happens(leave)
      await elected(second)
      expect(await candidates(site)).toEqual([1, 0])
      first.page.happens(comeBack)
      await soon(async () => expect(await candidates(site)).toEqual([1, 1]))
      expect(await first.worker.claim(1)).toEqual([])
      expect((await first.worker.settle(done(a))).refused).toEqual([])
      first.wakes.length = 0
      await second.storage.close()
      await elected(first)
      await first.worker.takeOne()
    })

    test('a tab that has left gets no jobs, also while nobody else is there', async () => {
      const site = new Site(platform)
      const only = await openTab(site, 'only')
      await push(only.storage, job('a'))
      await only.worker.beat()
      only.page.happens('pagehide')
      expect(await only.worker.claim(1)).toEqual([])
      only.page.happens('pageshow')
      await soon(async () => expect(await isStandby(only)).toBe(false))
      await only.worker.takeOne()
    })

    test('who only enqueues and looks on does not stand', async () => {
      const site = new Site(platform)
      const { storage, worker } = await openTab(site, 'w')
      await push(storage, job('a'))
      await storage.stats(1)
      await storage.recover('w')
      await worker.claim(0)
      expect(await candidates(site)).toEqual([0, 0])
      await worker.takeOne()
      expect(await candidates(site)).toEqual([1, 0])
    })

    test('all perform where all shall', async () => {
      const { site, first, second } = await twoTabs(platform, { tabs: 'all' })
      await push(first.storage, ...jobs('job', 2))
      await first.worker.takeOne()
      await second.worker.takeOne()
      expect(await candidates(site)).toEqual([0, 0])
    })

    test('a service worker waits on standby, and others do not wait for it', async () => {
      vi.stubGlobal('ServiceWorkerGlobalScope', class {})
      onTestFinished(() => void vi.unstubAllGlobals())
      const site = new Site(platform)
      const tab = await openTab(site, 'w')
      await push(tab.storage, job('a'))
      expect(await isStandby(tab)).toBe(true)
      expect(await tab.worker.claim(1)).toEqual([])
      expect(await candidates(site)).toEqual([0, 0])
    })
  })

  describe('of several tabs, one that performs and is frozen unheard', () => {
    test('is succeeded after the patience, by one that is seen', async () => {
      const { site, first, second } = await twoTabs(platform)
      await push(first.storage, job('a'), job('b'))
      await live(site, PATIENCE_MS - 1_000, second.worker)
      expect(await isStandby(second)).toBe(true)
      second.page.turns('hidden')
      await live(site, MINUTE_MS, second.worker)
      expect(await isStandby(second)).toBe(true)
      second.wakes.length = 0
      second.page.turns('visible')
      await second.worker.beat()
      await elected(second)
      expect(await second.worker.claim(1)).toHaveLength(1)
      await soon(async () => expect(await isStandby(first)).toBe(true))
      expect(await first.worker.claim(1)).toEqual([])
      expect(await candidates(site)).toEqual([1, 1])
    })

    test('is not succeeded while it is only slow', async () => {
      const { site, first, second } = await twoTabs(platform)
      await live(site, 10 * MINUTE_MS, first.worker, second.worker)
      expect([await isStandby(first), await isStandby(second)]).toEqual([false, true])
    })

    test('is succeeded also if it never said that it performs', async () => {
      const site = new Site(platform)
      const { locks } = site.platform
      let thaw = (): void => {}
      const frozen = new Promise<void>((resolve) => {
        thaw = resolve
      })
      const stolen = new Promise((resolve) => {
        locks.request(`quayside:${site.namespace}:performer`, () => frozen).catch(resolve)
      })
      const tab = await openTab(site, 'w')
      await live(site, PATIENCE_MS, tab.worker)
      expect(await isStandby(tab)).toBe(true)
      await live(site, MINUTE_MS, tab.worker)
      await stolen
      thaw()
      await soon(async () => expect(await isStandby(tab)).toBe(false))
    })

    test('is not waited for longer because the clock was set back', async () => {
      const { site, second } = await twoTabs(platform)
      site.clock.jumpTo(site.clock.now() - 24 * 60 * MINUTE_MS)
      second.wakes.length = 0
      await second.worker.beat()
      await elected(second)
    })
  })

  describe.each([
    ['without Web Locks', () => false as const],
    ['where Web Locks are refused', () => refusing()],
  ])('of several tabs, %s', (_, locks) => {
    const fallback = (): IndexedDBOptions => ({ locks: locks(), localStorage: new FakeLocalStorage() })

    test('one performs, and the others get nothing', async () => {
      const { first, second } = await twoTabs(platform, fallback())
      await push(second.storage, job('a'))
      expect([await isStandby(first), await isStandby(second)]).toEqual([false, true])
      expect(await second.worker.claim(1)).toEqual([])
      await first.worker.takeOne()
    })

    test.each(['retires', 'is quiet', 'closes', 'leaves'])('the next one goes on when it %s', async (ends) => {
      const { first, second } = await twoTabs(platform, fallback())
      await push(first.storage, job('a'))
      second.wakes.length = 0
      if (ends === 'retires') await first.storage.retire('first')
      if (ends === 'is quiet') await first.worker.beat({ quiet: true })
      if (ends === 'closes') await first.storage.close()
      if (ends === 'leaves') first.page.happens('pagehide')
      await soon(() => expect(second.wakes).toContain('signal'))
      expect(await isStandby(second)).toBe(false)
      await elected(second)
      await second.worker.takeOne()
    })

    test('one that vanishes is succeeded after the patience, and one that is slow is not', async () => {
      const { site, first, second } = await twoTabs(platform, fallback())
      await live(site, 5 * MINUTE_MS, first.worker, second.worker)
      expect(await isStandby(second)).toBe(true)
      await live(site, PATIENCE_MS - 1_000, second.worker)
      expect(await isStandby(second)).toBe(true)
      await live(site, 1_000, second.worker)
      expect([await isStandby(second), await isStandby(first)]).toEqual([false, true])
    })

    test('a page that is loaded again goes on at once', async () => {
      const site = new Site(platform)
      const shared = fallback()
      const before = await openTab(site, 'before', shared)
      await before.worker.beat()
      before.page.happens('pagehide')
      const after = await openTab(site, 'after', shared)
      await push(after.storage, job('a'))
      await after.worker.beat()
      await after.worker.takeOne()
    })

    test('one that has left gets no jobs', async () => {
      const { first } = await twoTabs(platform, fallback())
      await push(first.storage, job('a'))
      first.page.happens('pagehide')
      expect([await isStandby(first), await first.worker.claim(1)]).toEqual([true, []])
    })

    test('a page that comes back is not taken for having left, and goes on', async () => {
      const { first, second } = await twoTabs(platform, fallback())
      first.page.happens('pagehide', 'pageshow')
      expect([await isStandby(first), await isStandby(second)]).toEqual([false, true])
    })
  })

  test('a tab on standby enqueues for the one that performs', async () => {
    const { first, second } = await twoTabs(platform)
    await push(second.storage, job('a'))
    expect(await waiting(second.storage)).toEqual(['a'])
    await first.worker.takeOne()
  })
}

/** As in a sandboxed frame. */
function refusing(): NonNullable<IndexedDBOptions['locks']> {
  const refused = () => Promise.reject(new DOMException('Access to the Locks API is denied.', 'SecurityError'))
  return { request: refused, query: refused } as never
}
