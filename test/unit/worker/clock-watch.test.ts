import { expect, test } from 'vitest'
import { clockWatch } from '../../../src/worker/clock-watch.ts'
import { ManualClock } from '../../conformance/manual-clock.ts'

function watch() {
  const clock = new ManualClock()
  let leaps = 0
  const round = clockWatch(clock, () => leaps++)
  return { clock, look: async () => [await round(), leaps] }
}

test('looks every second', async () => expect((await watch().look())[0]).toBe(1_000))

test('time that passes is no leap, however much of it', async () => {
  const { clock, look } = watch()
  await clock.advance(1e9)
  expect((await look())[1]).toBe(0)
})

test.each([
  [251, 1],
  [-251, 1],
  [3_600_000, 1],
  [250, 0],
  [-250, 0],
])('a clock set by %i ms: %i leap, told once', async (by, leaps) => {
  const { clock, look } = watch()
  await clock.advance(1_000)
  clock.jumpTo(clock.now() + by)
  expect((await look())[1]).toBe(leaps)
  expect((await look())[1]).toBe(leaps)
})

test('a slow drift never adds up to a leap', async () => {
  const { clock, look } = watch()
  for (let second = 0; second < 20; second++) {
    await clock.advance(1_000)
    clock.jumpTo(clock.now() + 200)
    expect((await look())[1]).toBe(0)
  }
})

test('a second leap is told as well', async () => {
  const { clock, look } = watch()
  clock.jumpTo(clock.now() + 9_000)
  await look()
  clock.jumpTo(clock.now() - 9_000)
  expect((await look())[1]).toBe(2)
})
