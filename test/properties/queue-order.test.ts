import fc from 'fast-check'
import { expect, test } from 'vitest'
import { queueOrder } from '../../src/worker/queue-order.ts'
import { ManualClock } from '../conformance/index.ts'

const names = fc.stringMatching(/^[\w.:-]{1,12}$/)
const weights = fc.uniqueArray(fc.tuple(names, fc.integer({ min: 1, max: 20 })), {
  selector: ([name]) => name,
  minLength: 1,
  maxLength: 8,
})
const order = fc.constantFrom('strict' as const, 'weighted' as const, 'random' as const)

test('each claim looks at every queue once, in whatever order', () => {
  fc.assert(
    fc.property(order, weights, fc.integer(), (kind, weighted, seed) => {
      const clock = new ManualClock(0, seed)
      const next = queueOrder(kind, new Map(weighted), () => clock.random())
      const listed = weighted.map(([name]) => name)
      for (let claim = 0; claim < 5; claim++) {
        if (kind === 'strict') expect(next()).toEqual(listed)
        else expect([...next()].sort()).toEqual([...listed].sort())
      }
    }),
  )
})
