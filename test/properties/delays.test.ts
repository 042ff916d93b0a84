import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { Quayside } from '../../src/quayside.ts'
import { ManualClock } from '../conformance/index.ts'

/** In seconds, so that a run of minutes is quick. */
const delays = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 8 })

test('jobs of any delays are performed when they are due, in order, and not before', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(delays, async (seconds) => {
      const clock = new ManualClock()
      const app = new Quayside({ storage: memoryStorage(), clock, logger: false })
      const performed: number[] = []
      const Note = app.job('Note', { perform: (delay: number) => performed.push(delay) })
      await Promise.all(seconds.map((delay) => Note.performIn(`${delay}s`, delay)))
      const worker = app.work({ concurrency: 1 })
      await clock.advance(0)
      const sorted = [...seconds].sort((a, b) => a - b)
      for (let passed = 0; passed < 120; passed++) {
        await clock.advance(999)
        expect(performed).toEqual(sorted.filter((delay) => delay <= passed))
        await clock.advance(1)
        expect(performed).toEqual(sorted.filter((delay) => delay <= passed + 1))
      }
      await worker.stop()
    }),
    { numRuns: 30 },
  )
})
