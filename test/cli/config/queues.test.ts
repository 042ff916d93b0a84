import { expect, test } from 'vitest'
import { readQueues, showQueues } from '../../../src/cli/config/queues.ts'

test.each([
  [
    ['critical', 'default'],
    ['critical', 'default'],
  ],
  [['default', 'default'], ['default']],
  [['critical,2', 'default'], { critical: 2, default: 1 }],
  [[['critical', 2], 'default', ['low', '3']], { critical: 2, default: 1, low: 3 }],
  [
    [
      ['critical', 1],
      ['default', 1],
    ],
    { critical: 1, default: 1 },
  ],
  [[':critical', [':low', 2]], { critical: 1, low: 2 }],
  [
    { critical: 2, default: 1 },
    { critical: 2, default: 1 },
  ],
])('%j is %j', (given, read) => {
  expect(readQueues(given, '-q')).toEqual(read)
})

test.each([
  ['default', '-q must be a list such as'],
  [[], '-q must be a list such as'],
  [{}, '-q must be a list such as'],
  [['a b'], '-q: "a b" (string) is not a queue name'],
  [[['a', 1, 2]], '-q: ["a",1,2] (array) is not a queue name'],
  [['a,0'], '-q: a weight must be a whole number from 1 to 1000; got "0" (string)'],
  [['a,'], '-q: a weight must be a whole number from 1 to 1000; got "" (string)'],
  [{ a: 1.5 }, '-q: a weight must be a whole number from 1 to 1000; got 1.5 (number)'],
])('%j is refused', (given, why) => {
  expect(() => readQueues(given, '-q')).toThrow(why)
})

test.each([
  [{ a: 2, b: 1 }, 'weighted', 'a ×2, b ×1'],
  [{ a: 1, b: 1 }, 'strict', 'a, b (in this order)'],
  [{ a: 1 }, 'strict', 'a'],
  [{ a: 1, b: 1 }, 'random', 'a, b'],
])('%j, %s, is shown as %s', (weights, order, shown) => {
  expect(showQueues(weights, order)).toBe(shown)
})
