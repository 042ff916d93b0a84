import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { hasCode } from '../../src/errors.ts'
import type { Job } from '../../src/job.ts'
import { Quayside } from '../../src/quayside.ts'
import { ManualClock } from '../conformance/index.ts'

/** What people pass: JSON, and much that only looks like it. */
const anything = fc.anything({ withSparseArray: true, withDate: true, withBigInt: true })

const args = fc.array(fc.oneof(fc.jsonValue(), anything), { maxLength: 4 })

test('any arguments come to perform as they were, or are refused and nothing is stored', async () => {
  const clock = new ManualClock()
  const app = new Quayside({ storage: memoryStorage(), clock, logger: false })
  const performed: unknown[][] = []
  // The types would refuse most of what is tried here.
  const perform = (...given: unknown[]) => performed.push(given)
  const take = app.job('Take', { perform } as object) as unknown as Job<unknown[]>
  const worker = app.work()
  await clock.advance(10)

  await fc.assert(
    fc.asyncProperty(args, async (given) => {
      performed.length = 0
      const error = await take.performAsync(...given).then(
        () => undefined,
        (thrown) => thrown,
      )
      await clock.advance(10)
      if (error === undefined) expect(performed).toStrictEqual([given])
      else {
        expect(hasCode(error, 'ERR_ARGUMENT'), String(error)).toBe(true)
        expect(performed).toEqual([])
      }
    }),
    { numRuns: 1_000 },
  )
  expect(Object.keys(Object.prototype)).toEqual([])
  await worker.stop()
})
