import { describe, expect, test } from 'vitest'
import { type QueueOrder, queueOrder } from '../../../src/worker/queue-order.ts'
import { ManualClock } from '../../conformance/manual-clock.ts'

const WEIGHTS = { critical: 3, default: 2, low: 1 }
const ROUNDS = 6_000

const orderOf = (order: QueueOrder, weights: Record<string, number> = WEIGHTS, seed = 1) => {
  const clock = new ManualClock(0, seed)
  return queueOrder(order, new Map(Object.entries(weights)), () => clock.random())
}

/** How often each queue came first, as a share of all rounds. */
function shares(next: () => readonly string[]): Record<string, number> {
  const firsts: Record<string, number> = {}
  for (let round = 0; round < ROUNDS; round++) {
    const first = next()[0] as string
    firsts[first] = (firsts[first] ?? 0) + 1 / ROUNDS
  }
  return firsts
}

describe('strict', () => {
  test('is as listed, always, whatever the weights', () => {
    const next = orderOf('strict', { low: 1, critical: 9 })
    expect([next(), next(), next()]).toEqual([
      ['low', 'critical'],
      ['low', 'critical'],
      ['low', 'critical'],
    ])
  })
})

describe.each(['weighted', 'random'] as const)('%s', (order) => {
  test('has every queue, once: none ever starves', () => {
    const next = orderOf(order)
    for (let round = 0; round < 200; round++) expect([...next()].sort()).toEqual(['critical', 'default', 'low'])
  })

  test('is new for each claim', () => {
    const next = orderOf(order)
    expect(new Set(Array.from({ length: 100 }, () => next().join())).size).toBe(6)
  })

  test('is the same for the same chance', () => {
    const run = (seed: number) => {
      const next = orderOf(order, WEIGHTS, seed)
      return Array.from({ length: 20 }, () => next().join())
    }
    expect(run(5)).toEqual(run(5))
    expect(run(5)).not.toEqual(run(6))
  })

  test('one queue is no question', () => expect(orderOf(order, { only: 7 })()).toEqual(['only']))
})

test('weighted: a queue is first in proportion to its weight', () => {
  const first = shares(orderOf('weighted'))
  for (const [queue, weight] of Object.entries(WEIGHTS)) expect(first[queue]).toBeCloseTo(weight / 6, 1.2)
  expect(first.critical).toBeGreaterThan(first.default as number)
  expect(first.default).toBeGreaterThan(first.low as number)
})

test('random: all are first alike, whatever their weights', () => {
  const first = shares(orderOf('random'))
  for (const queue of Object.keys(WEIGHTS)) expect(Math.abs((first[queue] as number) - 1 / 3)).toBeLessThan(0.02)
})

test('weighted: the second place is in proportion too', () => {
  const next = orderOf('weighted')
  let seconds = 0
  let rounds = 0
  for (let round = 0; round < ROUNDS; round++) {
    const [first, second] = next()
    if (first !== 'critical') continue
    rounds++
    if (second === 'default') seconds++
  }
  expect(Math.abs(seconds / rounds - 2 / 3)).toBeLessThan(0.03)
})

test('chance at its ends reaches both ends of the list and never beyond', () => {
  for (const chance of [0, 1 - 2 ** -53]) {
    const next = queueOrder(
      'random',
      new Map([
        ['a', 1],
        ['b', 1],
        ['c', 1],
      ]),
      () => chance,
    )
    expect([...next()].sort()).toEqual(['a', 'b', 'c'])
  }
})
