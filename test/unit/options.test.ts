import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { OptionError } from '../../src/errors.ts'
import {
  aBoolean,
  aFunction,
  aString,
  check,
  checkOptions,
  nearest,
  oneOf,
  queueName,
  describe as shown,
  strings,
  wholeNumber,
} from '../../src/options.ts'
import { thrownBy } from './support/thrown.ts'

const RULES = { queue: queueName, retry: wholeNumber(0), dead: aBoolean, until: oneOf('start', 'success') }
const refusal = (options: unknown): string => thrownBy(() => checkOptions('app.job()', options, RULES)).message

describe('checkOptions', () => {
  test('passes what is right, and undefined, which means "not given"', () => {
    checkOptions('app.job()', { queue: 'low', retry: 0, dead: false, until: 'start' }, RULES)
    checkOptions('app.job()', { queue: undefined, retry: undefined }, RULES)
    checkOptions('app.job()', Object.create(null), RULES)
  })

  test.each([
    [{ queue: '' }, 'app.job(): queue must be a queue name of 1 to 128 letters, digits, and _ . : -; got "" (string).'],
    [{ retry: '5' }, 'app.job(): retry must be a whole number of at least 0; got "5" (string).'],
    [{ retry: -1 }, 'app.job(): retry must be a whole number of at least 0; got -1 (number).'],
    [{ dead: null }, 'app.job(): dead must be true or false; got null.'],
    [{ until: 'end' }, `app.job(): until must be 'start' or 'success'; got "end" (string).`],
  ])('%j: the message has the path, what was expected, and what came with its type', (options, message) => {
    expect(refusal(options)).toBe(message)
  })

  test.each([
    ['retrys', 'app.job() has no option "retrys"; did you mean "retry"?'],
    ['Queue', 'app.job() has no option "Queue"; did you mean "queue"?'],
    ['concurrency', 'app.job() has no option "concurrency"; it takes queue, retry, dead, until.'],
  ])('an unknown name, %s, is told with the nearest right one, or all of them', (name, message) => {
    expect(refusal({ [name]: 1 })).toBe(message)
    expect(refusal({ [name]: undefined })).toBe(message)
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%s is an unknown name like any other',
    (name) => {
      expect(refusal(JSON.parse(`{ "${name}": true }`))).toContain(`app.job() has no option "${name}"; `)
    },
  )

  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [[], '[] (array)'],
    ['low', '"low" (string)'],
    [() => 1, 'the function (anonymous)'],
  ])('%o is no object of options', (options, came) => {
    expect(refusal(options)).toBe(`app.job() takes an object of options; got ${came}.`)
  })

  test('every refusal is an OptionError', () => {
    for (const options of [null, { quux: 1 }, { dead: 1 }]) {
      expect(() => checkOptions('app.job()', options, RULES)).toThrow(OptionError)
    }
  })
})

describe('the rules', () => {
  test.each([
    ['aBoolean', aBoolean, [true, false], [0, 1, 'true', null, undefined]],
    ['aFunction', aFunction, [() => 1, class {}, Date], ['f', null, {}]],
    ['aString', aString, ['a', ' '], ['', 1, null, new String('a')]],
    ['strings', strings, [[], ['a', '']], [['a', 1], 'a', [undefined], { 0: 'a', length: 1 }]],
    ['oneOf', oneOf('a', 'b'), ['a', 'b'], ['c', '', undefined, ['a']]],
    ['wholeNumber(1)', wholeNumber(1), [1, 2 ** 53 - 1], [0, 1.5, 2 ** 53, Infinity, Number.NaN, '1', 1n, null]],
    ['wholeNumber(1, 9)', wholeNumber(1, 9), [1, 9], [0, 10, 1.5]],
    [
      'queueName',
      queueName,
      ['a', 'A_1.b:c-d', 'x'.repeat(128)],
      ['', 'x'.repeat(129), 'a b', 'a/b', 'ä', 'a\n', 1, null],
    ],
  ])('%s', (_name, { test: passes }, right, wrong) => {
    expect(right.filter((value) => !passes(value))).toEqual([])
    expect(wrong.filter((value) => passes(value))).toEqual([])
  })

  test('a whole number says its bounds, if it has both', () => {
    expect(wholeNumber(1).expected).toBe('a whole number of at least 1')
    expect(wholeNumber(1, 9).expected).toBe('a whole number from 1 to 9')
  })

  test('check names the path', () => {
    expect(thrownBy(() => check('app.queue(): the name', 'a b', queueName)).message).toMatch(
      /^app\.queue\(\): the name must be a queue name .*; got "a b" \(string\)\.$/,
    )
  })
})

describe('a value in a message', () => {
  const cycle: Record<string, unknown> = {}
  cycle.self = cycle

  test.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    ['10', '"10" (string)'],
    ['a"b\n', '"a\\"b\\n" (string)'],
    [10, '10 (number)'],
    [-0, '-0 (number)'],
    [Number.NaN, 'NaN (number)'],
    [10n, '10 (bigint)'],
    [true, 'true (boolean)'],
    [Symbol('s'), 'Symbol(s) (symbol)'],
    [function charge() {}, 'the function charge'],
    [class {}, 'the function (anonymous)'],
    [{ a: 1 }, '{"a":1} (object)'],
    [[1], '[1] (array)'],
    [new Date(0), 'a Date'],
    [new Map(), 'a Map'],
    [cycle, 'an object'],
    [[1n], 'an array'],
    [{ toJSON: () => undefined }, 'an object'],
    [Object.create(null), '{} (object)'],
    [runInNewContext('new Date(0)'), 'a Date'],
  ])('%o', (value, text) => expect(shown(value)).toBe(text))

  test('is clipped at 80 characters', () => {
    expect(shown('x'.repeat(80))).toBe(`"${'x'.repeat(80)}" (string)`)
    expect(shown('x'.repeat(81))).toBe(`"${'x'.repeat(79)}…" (string)`)
    expect(shown({ a: 'x'.repeat(1_000) }).length).toBe('{} (object)'.length + 80 - 2)
  })
})

describe('the nearest name', () => {
  const names = ['queue', 'retry', 'retryIn', 'retryQueue', 'timeout']

  test.each([
    ['queu', 'queue'],
    ['RETRY', 'retry'],
    ['retry_in', 'retryIn'],
    ['retryqueue', 'retryQueue'],
    ['tiemout', 'timeout'],
    ['timout', 'timeout'],
    ['unrelated', undefined],
    ['', undefined],
  ])('of %j is %j', (name, near) => expect(nearest(name, names)).toBe(near))

  test('is the nearest, not the first that is near', () => {
    expect(nearest('job:failled', ['job:filed', 'job:failed', 'job:called'])).toBe('job:failed')
  })

  test('of two that are as near is the first', () => expect(nearest('ab', ['ac', 'ad'])).toBe('ac'))

  test('of nothing is nothing', () => expect(nearest('queue', [])).toBeUndefined())

  test('three edits may be forgiven in a long name, two in a short one', () => {
    expect(nearest('abcdefgxyz', ['abcdefg'])).toBe('abcdefg')
    expect(nearest('abxyz', ['ab'])).toBeUndefined()
    expect(nearest('abc', ['xyz'])).toBeUndefined()
    expect(nearest('abxy', ['ab'])).toBe('ab')
  })

  test('a name of a megabyte, which storage may hold, costs next to nothing', () => {
    const many = Array.from({ length: 60 }, (_, index) => `SomeJobWithAName${index}`)
    const started = performance.now()
    expect(nearest('x'.repeat(1e6), many)).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(1_000) // without care: many seconds
  })
})
