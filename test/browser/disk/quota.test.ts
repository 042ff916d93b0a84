import { expect, onTestFinished, test } from 'vitest'
import { Site } from '../../adapters/indexeddb/platform.ts'
import { job, push, raw } from '../../conformance/jobs.ts'
import { rowsIn, waiting } from '../../conformance/places.ts'
import { done, TestWorker } from '../../conformance/workers.ts'
import { devTools } from '../chromium/dev-tools.ts'

/** Text that nothing compresses: what repeats fits below any quota. */
function randomText(length: number): string {
  return String.fromCharCode(...crypto.getRandomValues(new Uint16Array(length)).map((code) => 0x4e00 + (code % 0x5000)))
}

/** Five jobs of 60 KB. Chromium writes a transaction of some megabytes out before it judges it, and keeps that. */
const big = (name: string) => Array.from({ length: 5 }, (_, n) => raw(`${name}-${n}`, randomText(30_000)))

test('a full disk refuses a push wholly, and the queue goes on', async () => {
  const { origin } = location
  await devTools('Storage.overrideQuotaForOrigin', { origin, quotaSize: 2_000_000 })
  onTestFinished(() => devTools('Storage.overrideQuotaForOrigin', { origin }))
  // Chromium remembers for half a minute how much room there was; not beyond the end of the data.
  await devTools('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
  const site = new Site({ indexedDB, locks: navigator.locks })
  const storage = await site.open()
  await push(storage, job('first', { queue: 'small' }))

  const id = { client: 'client', number: 1 }
  let stored = 0
  let refusal: unknown
  while (refusal === undefined && stored < 20) {
    refusal = await storage
      .push([job('half', { queue: 'small' }), ...big(`big-${stored}`)], { ...id, number: stored })
      .then(
        () => void stored++,
        (error: unknown) => error,
      )
  }
  expect(refusal).toMatchObject({
    code: 'ERR_STORAGE_UNAVAILABLE',
    outcome: 'none',
    message: expect.stringContaining('no room left'),
  })
  // Not even the small job of the push that was refused.
  expect((await waiting(storage, 'small')).length).toBe(1 + stored)
  expect((await rowsIn(storage, { queue: 'default' })).length).toBe(5 * stored)

  // The same connection goes on as soon as there is room again. Until then Chromium may refuse small writes as well: what
  // it undid still lies in its log.
  await devTools('Storage.overrideQuotaForOrigin', { origin, quotaSize: 4_000_000 })
  const w = new TestWorker(storage, 'w')
  await w.settle(done(await w.takeOne({ queues: ['small'] })))
  // The number that failed may carry something else.
  await storage.push([job('last', { queue: 'small' })], { ...id, number: stored })
  expect((await waiting(storage, 'small')).at(-1)).toBe('last')
  expect((await storage.stats(0)).processed).toBe(1)
})
