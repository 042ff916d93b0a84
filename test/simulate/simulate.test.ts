import { describe, expect, test } from 'vitest'
import { NO_FAULTS, simulate } from '../../src/testing/simulate/index.ts'

/** Another hundred than the long runs begin with: each adds to what was seen. */
const FROM = 1_000_000

describe('the engine in a simulated world', () => {
  test.each([0, 1, 2, 3, 4])('keeps its promises in fifty seeds: %i', { timeout: 60_000 }, async (part) => {
    for (let seed = FROM + part * 50; seed < FROM + part * 50 + 50; seed++) {
      const { failure } = await simulate({ seed })
      expect(failure, failure?.story).toBeUndefined()
    }
  })

  test('the same seed is the same run, to the last line', async () => {
    for (const seed of [3, 47, 329]) {
      const { hash, steps } = await simulate({ seed })
      const again = await simulate({ seed })
      expect([again.hash, again.steps]).toEqual([hash, steps])
      expect((await simulate({ seed: seed + 1 })).hash).not.toBe(hash)
    }
  })
})

describe('an app of a user in a simulated world', () => {
  test('does its jobs, through crashes', async () => {
    const counted = new Set<number>()
    const { failure, promised } = await simulate({
      seed: 5,
      faults: { crashEveryMs: 5_000 },
      define: ({ app, sleep }) =>
        app.job('Count', {
          async perform(number: number) {
            await sleep('1s')
            counted.add(number)
          },
        }),
      async drive({ acknowledged, isHealed }, Count) {
        for (let number = 0; number < 20 && !isHealed; number++) acknowledged(await Count.performAsync(number))
      },
      verify: () => expect(counted.size).toBe(20),
    })
    expect(failure?.story).toBeUndefined()
    expect(promised).toBeGreaterThanOrEqual(20)
  })

  test('a promise that was not kept is told, with what led there', async () => {
    const { failure } = await simulate({
      seed: 7,
      faults: NO_FAULTS,
      define: ({ app }) => app.job('Nothing', { perform: () => {} }),
      drive: ({ acknowledged }) => acknowledged('ffffffffffff'),
    })
    expect(failure?.message).toBe('somebody was told that the job is stored, and it is nowhere')
    expect(failure?.story).toContain('client-1  is told that ffffff is stored')
    expect(failure?.story).toContain('again: simulate({ seed: 7, … })')
  })

  test('a job that is never done is told', async () => {
    const { failure } = await simulate({
      seed: 7,
      faults: NO_FAULTS,
      patience: '10m',
      define: ({ app }) => app.job('Hang', { perform: () => new Promise(() => {}) }),
      drive: async (_, Hang) => {
        await Hang.performAsync()
      },
    })
    expect(failure?.message).toMatch('still not done')
  })

  test('what verify throws is the failure', async () => {
    const { failure } = await simulate({
      seed: 8,
      define: () => {},
      drive: () => {},
      verify: () => {
        throw new Error('not as it should be')
      },
    })
    expect(failure?.message).toBe('not as it should be')
  })
})
