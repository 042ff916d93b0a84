import { expect, test } from 'vitest'
import { within } from '../../../src/worker/within.ts'
import { ManualClock } from '../../conformance/manual-clock.ts'

test.each<[string, () => Promise<unknown>]>([
  ['resolves', () => Promise.resolve(false)],
  ['rejects', () => Promise.reject(new Error('a'))],
])('true for work that %s in time, and the timer is gone', async (_name, work) => {
  const clock = new ManualClock()
  expect(await within(clock, 10, work())).toBe(true)
  expect(clock.waiting).toBe(0)
})

test('false for work that takes longer, whatever becomes of it', async () => {
  const clock = new ManualClock()
  let fail = (_error: Error): void => {}
  const answer = within(clock, 10, new Promise((_resolve, reject) => (fail = reject)))
  await clock.advance(10)
  fail(new Error('late'))
  expect(await answer).toBe(false)
})
