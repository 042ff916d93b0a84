import { expect, test } from 'vitest'
import { Bell } from '../../../src/worker/bell.ts'
import { ManualClock } from '../../conformance/manual-clock.ts'

function sleeper() {
  const clock = new ManualClock()
  const bell = new Bell(clock)
  const awake: string[] = []
  const wait = (name: string, ms?: number) => bell.wait(ms).then(() => awake.push(name))
  return { clock, bell, awake, wait }
}

test('a ring wakes whoever waits, and its timer is gone', async () => {
  const { clock, bell, awake, wait } = sleeper()
  wait('a', 1_000)
  await clock.advance(999)
  expect(awake).toEqual([])
  bell.ring()
  await clock.advance(0)
  expect(awake).toEqual(['a'])
  expect(clock.waiting).toBe(0)
})

test('time wakes as well', async () => {
  const { clock, awake, wait } = sleeper()
  wait('a', 1_000)
  await clock.advance(1_000)
  expect(awake).toEqual(['a'])
})

test('without a time only a ring wakes', async () => {
  const { clock, bell, awake, wait } = sleeper()
  wait('a')
  await clock.advance(1e12)
  expect(awake).toEqual([])
  bell.ring()
  await clock.advance(0)
  expect(awake).toEqual(['a'])
})

test('a ring while nobody waits is kept for the next, once, however often it rang', async () => {
  const { clock, bell, awake, wait } = sleeper()
  bell.ring()
  bell.ring()
  await wait('a')
  wait('b')
  await clock.advance(0)
  expect(awake).toEqual(['a'])
})

test('two rings for one who waits wake once', async () => {
  const { clock, bell, awake, wait } = sleeper()
  wait('a')
  bell.ring()
  bell.ring()
  await clock.advance(0)
  wait('b')
  await clock.advance(0)
  expect(awake).toEqual(['a'])
})

test('a ring is not kept when it was heard', async () => {
  const { clock, bell, awake, wait } = sleeper()
  wait('a')
  bell.ring()
  await clock.advance(0)
  wait('b', 10)
  await clock.advance(9)
  expect(awake).toEqual(['a'])
  await clock.advance(1)
  expect(awake).toEqual(['a', 'b'])
})
