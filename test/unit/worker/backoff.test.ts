import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { retryDelayMs, retryJitterMs, waitJitterMs } from '../../../src/worker/backoff.ts'

describe("Sidekiq's delay", () => {
  test.each([15, 16, 31, 96, 271, 640, 1311, 2416, 4111, 6576].map((seconds, count) => [count, seconds]))(
    'before retry %i is %i s',
    (count, seconds) => expect(retryDelayMs(count)).toBe(seconds * 1_000),
  )

  test('25 retries take 1,763,395 s, about 20 days', () => {
    const delays = Array.from({ length: 25 }, (_, count) => retryDelayMs(count))
    expect(delays.reduce((sum, ms) => sum + ms, 0)).toBe(1_763_395_000)
  })
})

describe("Sidekiq 8's jitter", () => {
  test.each([
    [0, 0, 0],
    [0, 0.999999, 9_000],
    [0, 0.25, 2_000],
    [3, 0, 0],
    [3, 0.999999, 39_000],
    [24, 0.5, 125_000],
  ])('after failure %i, with chance at %d, is %i ms', (count, chance, ms) =>
    expect(retryJitterMs(count, () => chance)).toBe(ms),
  )

  test('is whole seconds, from 0 up to 10 for each failure so far', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.nat(100), chance, (count, random) => {
        const ms = retryJitterMs(count, () => random)
        return ms % 1_000 === 0 && ms >= 0 && ms < 10_000 * (count + 1)
      }),
    )
  })
})

test.each([
  [0, 0],
  [0.5, 75],
  [1, 150],
])("Active Job's jitter is up to 15 % of the wait: %d gives %d ms of 1,000", (chance, ms) => {
  expect(waitJitterMs(1_000, () => chance)).toBe(ms)
})
