import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/clock.ts'

const DAY = 86_400_000

describe('after', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test.each([0, 1, 1_000, 2 ** 31 - 1, 2 ** 31, 30 * DAY, 2 ** 32 + 5, 200 * DAY])(
    '%i ms: then, once, and no sooner',
    (ms) => {
      const run = vi.fn()
      systemClock.after(ms, run)
      expect(run).not.toHaveBeenCalled()
      if (ms > 0) vi.advanceTimersByTime(ms - 1)
      expect(run).not.toHaveBeenCalled()
      vi.advanceTimersByTime(1)
      expect(run).toHaveBeenCalledTimes(1)
      vi.advanceTimersByTime(400 * DAY)
      expect(run).toHaveBeenCalledTimes(1)
    },
  )

  test('a negative time is none', () => {
    const run = vi.fn()
    systemClock.after(-5, run)
    vi.advanceTimersByTime(0)
    expect(run).toHaveBeenCalledTimes(1)
  })

  test.each([0, 10, 40])('can be cancelled, after %i days of 50 too', (days) => {
    const run = vi.fn()
    const cancel = systemClock.after(50 * DAY, run)
    vi.advanceTimersByTime(days * DAY)
    cancel()
    vi.advanceTimersByTime(100 * DAY)
    expect(run).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('cancelling when it is over does nothing', () => {
    const run = vi.fn()
    const cancel = systemClock.after(1, run)
    vi.advanceTimersByTime(1)
    cancel()
    cancel()
    expect(run).toHaveBeenCalledTimes(1)
  })

  test('never waits longer than a timer can, which would fire at once', () => {
    const set = vi.spyOn(globalThis, 'setTimeout')
    systemClock.after(30 * DAY, () => {})
    vi.advanceTimersByTime(31 * DAY)
    expect(set.mock.calls.map(([, ms]) => ms)).toEqual([2 ** 31 - 1, 30 * DAY - (2 ** 31 - 1)])
    set.mockRestore()
  })

  test('for ever is for ever', () => {
    const run = vi.fn()
    const cancel = systemClock.after(Infinity, run)
    vi.advanceTimersByTime(1_000 * DAY)
    expect(run).not.toHaveBeenCalled()
    cancel()
  })

  test('obeys timers that were faked after it was loaded, and so does now', () => {
    vi.setSystemTime(5_000)
    expect(systemClock.now()).toBe(5_000)
    vi.advanceTimersByTime(7)
    expect(systemClock.now()).toBe(5_007)
  })
})

test('monotonic never goes back', () => {
  const readings = Array.from({ length: 100 }, () => systemClock.monotonic())
  expect(readings).toEqual([...readings].sort((a, b) => a - b))
})

test('turn runs after the code that runs now, and the promise jobs that it has queued', async () => {
  const order: string[] = []
  Promise.resolve().then(() => order.push('promise'))
  systemClock.turn(() => order.push('turn'))
  order.push('code')
  await new Promise<void>((resolve) => systemClock.turn(resolve))
  expect(order).toEqual(['code', 'promise', 'turn'])
})

test('random is from 0 up to, not including, 1', () => {
  const drawn = Array.from({ length: 1_000 }, () => systemClock.random())
  expect(drawn.every((each) => each >= 0 && each < 1)).toBe(true)
  expect(new Set(drawn).size).toBeGreaterThan(990)
})

describe('ids', () => {
  const ids = Array.from({ length: 100_000 }, () => systemClock.id())

  test('are 24 lowercase hex digits', () => expect(ids.filter((id) => !/^[0-9a-f]{24}$/.test(id))).toEqual([]))

  test('are never the same', () => expect(new Set(ids).size).toBe(ids.length))

  test('are random in each of their digits', () => {
    for (let place = 0; place < 24; place++) {
      expect(new Set(ids.slice(0, 2_000).map((id) => id[place])).size).toBe(16)
    }
  })
})
