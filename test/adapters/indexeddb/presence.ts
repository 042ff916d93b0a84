import { describe, expect, test, vi } from 'vitest'
import type { ClaimedJob, Wake } from '../../../src/storage.ts'
import { job, push } from '../../conformance/jobs.ts'
import { waiting } from '../../conformance/places.ts'
import { done, TestWorker } from '../../conformance/workers.ts'
import { loseLock } from './locks.ts'
import { type Platform, Site } from './platform.ts'

const LEASE_MS = 12_000
const PATIENCE_MS = 150_000

/** A tab with a worker that runs a job, and another tab whose worker has been there for long. */
async function twoTabs(platform: Platform, options: { locks?: false } = {}) {
  const site = new Site(platform)
  const [mine, yours] = [await site.open(options), await site.open(options)]
  const [busy, other] = [new TestWorker(mine, 'busy', LEASE_MS), new TestWorker(yours, 'other', LEASE_MS)]
  await push(mine, job('a'))
  const a = await busy.takeOne()
  return { site, mine, yours, busy, other, a }
}

/** Time passes, and of all workers only these are heard of, each minute: as a hidden tab would be. */
async function live(site: Site, ms: number, ...workers: TestWorker[]): Promise<void> {
  for (let left = ms; left > 0; left -= 60_000) {
    for (const worker of workers) await worker.beat()
    await site.clock.advance(Math.min(left, 60_000))
  }
  for (const worker of workers) await worker.beat()
}

export function presenceTests(platform: Platform): void {
  describe('presence by Web Locks', () => {
    test('a dead worker is robbed at once, by whoever comes', async () => {
      const { yours, mine } = await twoTabs(platform)
      expect((await yours.recover('stranger')).requeued).toBe(0)
      await mine.close()
      expect((await yours.recover('stranger')).requeued).toBe(1)
      expect(await waiting(yours)).toEqual(['a'])
    })

    test('its death is heard of', async () => {
      const { site, yours, other } = await twoTabs(platform)
      const wakes: Wake[] = []
      yours.subscribe?.((wake) => wakes.push(wake))
      await other.beat()
      await yours.recover('other')
      wakes.length = 0
      await loseLock(site.platform.locks, 'busy', site.namespace)
      await vi.waitFor(() => expect(wakes).toContain('recoverable'))
      expect((await yours.recover('other')).requeued).toBe(1)
    })

    test('a worker that retires is not waited for', async () => {
      const { site, mine, yours, busy, a } = await twoTabs(platform)
      await busy.settle(done(a))
      await mine.retire('busy')
      await yours.recover('other')
      const { held = [], pending = [] } = await site.platform.locks.query()
      expect([...held, ...pending].filter(({ name }) => name?.includes(site.namespace))).toEqual([])
    })

    test('a throttled worker is not robbed, though its lease was over long since', async () => {
      const { site, yours, busy, other, a } = await twoTabs(platform)
      for (let minute = 0; minute < 10; minute++) {
        await live(site, 60_000, other)
        expect((await yours.recover('other')).requeued).toBe(0)
        expect((await busy.beat()).safeMs).toBe(PATIENCE_MS)
      }
      expect((await busy.settle(done(a))).refused).toEqual([])
    })

    test('a throttled worker is listed and can be signalled, as long as it lives', async () => {
      const { site, mine, yours, busy } = await twoTabs(platform)
      await busy.beat()
      await site.clock.advance(60_000)
      expect((await yours.workers()).map(({ worker }) => worker)).toEqual(['busy'])
      expect((await yours.stats(0)).workers).toBe(1)
      expect(await yours.signal('busy', 'quiet')).toBe(true)
      expect((await busy.beat()).signals).toEqual(['quiet'])
      await mine.close()
      await site.clock.advance(60_000)
      expect(await yours.workers()).toEqual([])
      expect(await yours.signal('busy', 'stop')).toBe(false)
    })

    test('who cannot see locks robs nobody by them', async () => {
      const { site, busy, a } = await twoTabs(platform)
      const refused = () => Promise.reject(new DOMException('Not here.', 'SecurityError'))
      for (const locks of [false as const, { request: refused, query: refused } as never]) {
        expect((await (await site.open({ locks })).recover('stranger')).requeued).toBe(0)
      }
      expect((await busy.settle(done(a))).refused).toEqual([])
    })

    test('a frozen worker is robbed after the patience, and refused when it comes back', async () => {
      const { site, yours, busy, other, a } = await twoTabs(platform)
      await live(site, PATIENCE_MS - 1_000, other)
      const before = await yours.recover('other')
      expect(before.requeued).toBe(0)
      expect(before.nextMs).toBeGreaterThan(0)
      expect(before.nextMs).toBeLessThanOrEqual(1_000)
      await live(site, 2_000, other)
      expect((await yours.recover('other')).requeued).toBe(1)
      expect((await busy.settle(done(a))).refused).toEqual([a.token])
    })

    test('a machine that slept has frozen everybody, and nobody is robbed', async () => {
      const { site, yours, busy, other, a } = await twoTabs(platform)
      await live(site, PATIENCE_MS, busy, other)
      await site.clock.advance(8 * 3_600_000)
      expect((await yours.recover('other')).requeued).toBe(0)
      await other.beat()
      expect((await yours.recover('other')).requeued).toBe(0)
      expect((await busy.settle(done(a))).refused).toEqual([])
    })

    test('a worker that comes again between the looks and the takeover is not robbed', async () => {
      const { site, mine, busy } = await twoTabs(platform)
      const { locks } = site.platform
      const request: LockManager['request'] = locks.request.bind(locks)
      let again: ClaimedJob | undefined
      async function query() {
        await mine.retire('busy')
        const seen = await vi.waitFor(async () => {
          const { held = [] } = await locks.query()
          expect(held.map(({ name }) => name)).not.toContain(`quayside:${site.namespace}:busy`)
          return { held }
        })
        again = await busy.takeOne()
        return seen
      }
      const looker = await site.open({ locks: { request, query } })
      expect((await looker.recover('stranger')).requeued).toBe(0)
      expect((await busy.settle(done(again as ClaimedJob))).refused).toEqual([])
    })

    test('a frozen tab that waits for a death, and is given the lock, is not taken for the dead', async () => {
      const { site, mine, yours } = await twoTabs(platform)
      let thaw = (): void => {}
      const frozen = new Promise<void>((resolve) => {
        thaw = resolve
      })
      const name = `quayside:${site.namespace}:busy`
      const given = new Promise<void>((resolve) => {
        site.platform.locks.request(name, { mode: 'shared' }, () => {
          resolve()
          return frozen
        })
      })
      await mine.close()
      await given
      expect((await yours.recover('stranger')).requeued).toBe(1)
      thaw()
    })
  })

  describe('presence without Web Locks', () => {
    test('a silent worker is robbed after the patience, not after its lease', async () => {
      const { site, yours, other } = await twoTabs(platform, { locks: false })
      await live(site, PATIENCE_MS - 1_000, other)
      expect((await yours.recover('other')).requeued).toBe(0)
      await live(site, 2_000, other)
      expect((await yours.recover('other')).requeued).toBe(1)
    })

    test('the patience may be another', async () => {
      const site = new Site(platform)
      const storage = await site.open({ locks: false, patience: '20s' })
      expect((await new TestWorker(storage, 'w', LEASE_MS).beat()).safeMs).toBe(20_000)
      expect((await new TestWorker(storage, 'v', 60_000).beat()).safeMs).toBe(60_000)
    })
  })
}
