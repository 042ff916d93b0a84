import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ArgumentError } from '../../src/errors.ts'
import { assertJsonSafe } from '../../src/json-safe.ts'
import { same } from './support/same.ts'
import { thrownBy } from './support/thrown.ts'

const messageFor = (...args: unknown[]): string => thrownBy(() => assertJsonSafe(args, 'args')).message
const passes = (...args: unknown[]): void => assertJsonSafe(args, 'args')

/** An argument of so many levels: 1 is `[]`. */
const nested = (levels: number): unknown => (levels === 1 ? [] : [nested(levels - 1)])
const nestedIn = (levels: number): unknown => (levels === 1 ? {} : { a: nestedIn(levels - 1) })

class Money {
  amount = 7
}
class URLLike {}

describe('what JSON keeps passes', () => {
  test.each<[string, unknown]>([
    ['strings', ['', 'ä€', '👍🏽', '\u2028', '\0', '"\\/']],
    ['numbers', [0, -1, 1.5, 2 ** 53, 1e21, 5e-324, Number.MAX_VALUE]],
    ['booleans and null', [true, false, null]],
    ['empty ones', [[], {}, '']],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['data of another realm', runInNewContext('({ a: [1, { b: null }] })')],
    ['the same object twice', ((shared) => [shared, { shared }])({ a: 1 })],
    ['frozen data', Object.freeze({ a: Object.freeze([1]) })],
    ['odd keys', { '': 1, 'a b': 2, '1': 3, '👍': 4, constructor: 5, toString: 6, length: 7 }],
    ['a key that looks like an index', { '0': { '-1': 1 } }],
  ])('%s', (_name, value) => passes(value))

  test('__proto__ as a key of its own', () => {
    const value = JSON.parse('{ "__proto__": { "polluted": true } }')
    passes(value)
    expect(() => passes(JSON.parse('{ "a": 1, "__proto__": 1 }'), { ['__proto__']: new Date() })).toThrow(
      'args[1].__proto__ is a Date',
    )
    expect(same(JSON.parse(JSON.stringify(value)), value)).toBe(true)
  })

  test('98 levels in an argument: with the payload and its array that is the 100 that Ruby reads', () => {
    passes(nested(98), nestedIn(98))
    expect(() => passes(nested(99))).toThrow('is nested more than 98 levels deep; pass flatter data')
    expect(() => passes(nestedIn(99))).toThrow('is nested more than 98 levels deep; pass flatter data')
  })
})

describe('what JSON would change is refused, with its path, what it is, and what to pass instead', () => {
  test.each<[string, unknown]>([
    ['args[0] is undefined; pass null, or leave it out', undefined],
    ['args[0] is a function; pass the data that it needs', () => 1],
    ['args[0] is a function; pass the data that it needs', class {}],
    ['args[0] is a symbol; pass its description', Symbol('s')],
    ['args[0] is a bigint; pass String(args[0])', 10n],
    ['args[0] is NaN; pass null, or a string', Number.NaN],
    ['args[0] is Infinity; pass null, or a string', Infinity],
    ['args[0] is -Infinity; pass null, or a string', -Infinity],
    ['args[0] is -0; pass 0', -0],
    ['args[0] has a lone surrogate; pass args[0].toWellFormed()', '\ud800'],
    ['args[0] has a lone surrogate; pass args[0].toWellFormed()', 'a\udc00b'],
    ['args[0] is a Date; pass args[0].toISOString()', new Date()],
    ['args[0] is a Map; pass Object.fromEntries(args[0])', new Map()],
    ['args[0] is a Set; pass [...args[0]]', new Set()],
    ['args[0] is a RegExp; pass args[0].source', /a/],
    ['args[0] is a URL; pass args[0].href', new URL('https://a.b')],
    ['args[0] is an Error; pass args[0].message', new Error('a')],
    ['args[0] is a Uint8Array; pass it as base64 text', new Uint8Array(1)],
    [`args[0] is a Buffer; pass args[0].toString('base64')`, Buffer.from('a')],
    ['args[0] is a Promise; pass a plain object', Promise.resolve()],
    ['args[0] is a Money; pass a plain object', new Money()],
    ['args[0] is a URLLike; pass a plain object', new URLLike()],
    ['args[0] is an Object; pass a plain object', Object.create({ inherited: 1 })],
    ['args[0] is a Money; pass a plain object', Object.create(new Money())],
    ['args[0] is a Date; pass args[0].toISOString()', runInNewContext('new Date()')],
    ['args[0] is a Map; pass Object.fromEntries(args[0])', runInNewContext('new Map()')],
    ['args[0] has a symbol as a key; pass string keys', { [Symbol('s')]: 1 }],
    ['args[0]["\\ud800"] has a lone surrogate in its name; pass a well-formed name', { '\ud800': 1 }],
    ['args[0][1] is a hole in a sparse array; pass null', Object.assign(new Array(3), { 0: 1, 2: 3 })],
    ['args[0][0] is a hole in a sparse array; pass null', new Array(1e9)],
    ['args[0].toJSON is a function; pass the data that it needs', { toJSON: () => 1 }],
  ])('%s', (message, value) => expect(messageFor(value)).toBe(message))

  test.each([
    ['String', new String('a')],
    ['Number', new Number(1)],
    ['Boolean', new Boolean(true)],
    ['WeakMap', new WeakMap()],
    ['ArrayBuffer', new ArrayBuffer(1)],
    ['TypeError', new TypeError('a')],
    ['Generator', (function* () {})()],
    ['Proxy of a Date', new Proxy(new Date(), {})],
    [
      'arguments',
      (function () {
        // biome-ignore lint/complexity/noArguments: it is what is tested
        return arguments
      })(),
    ],
    ['Math', Math],
    ['globalThis', globalThis],
  ])('also a %s', (_name, value) => expect(() => passes(value)).toThrow(ArgumentError))

  test('an array with properties beside its items, which JSON drops', () => {
    expect(() => passes('abc'.match(/b/))).toThrow(ArgumentError)
    expect(() => passes(Object.assign([1], { total: 1 }))).toThrow(ArgumentError)
  })

  test.each<[string, unknown[], string]>([
    [
      'a property of the second argument',
      [1, { when: new Date() }],
      'args[1].when is a Date; pass args[1].when.toISOString()',
    ],
    ['deep inside', [{ a: [{ b: [0, undefined] }] }], 'args[0].a[0].b[1] is undefined; pass null, or leave it out'],
    [
      'names that are no words',
      [{ 'a b': { 0: { $_9: 1n } } }],
      'args[0]["a b"]["0"].$_9 is a bigint; pass String(args[0]["a b"]["0"].$_9)',
    ],
    ['a name with dollars', [{ $$date: new Date() }], 'args[0].$$date is a Date; pass args[0].$$date.toISOString()'],
    ['a name with a quote', [{ 'a"': 1n }], 'args[0]["a\\""] is a bigint; pass String(args[0]["a\\""])'],
    ['the first flaw of two', [{ a: 1n }, undefined], 'args[0].a is a bigint; pass String(args[0].a)'],
  ])('the path of %s', (_name, args, message) => expect(messageFor(...args)).toBe(message))

  test('the error carries the path and a code', () => {
    const error = thrownBy(() => assertJsonSafe([1, { when: new Date() }], 'args'))
    expect(error).toBeInstanceOf(ArgumentError)
    expect(error).toMatchObject({ name: 'ArgumentError', code: 'ERR_ARGUMENT', path: 'args[1].when' })
  })

  test('the path begins with the name it was given, and may be no more than that', () => {
    expect(thrownBy(() => assertJsonSafe(undefined, 'payload')).message).toMatch(/^payload is undefined; /)
    expect(thrownBy(() => assertJsonSafe(new Date(), 'at')).message).toBe('at is a Date; pass at.toISOString()')
  })

  test('a getter that throws is not swallowed', () => {
    const value = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('boom')
      },
    })
    expect(() => passes(value)).toThrow('boom')
  })

  test('a getter counts as the value that it gives', () => {
    passes({
      get a() {
        return 1
      },
    })
    expect(() =>
      passes({
        get a() {
          return new Date()
        },
      }),
    ).toThrow('args[0].a is a Date')
  })
})

describe('cycles', () => {
  const cycle = 'refers back to a value that contains it; pass a copy without the cycle'

  test('an object in itself', () => {
    const a: Record<string, unknown> = { x: 1 }
    a.self = a
    expect(messageFor(a)).toBe(`args[0].self ${cycle}`)
    expect(messageFor({ deep: [a] })).toBe(`args[0].deep[0].self ${cycle}`)
  })

  test('an array in itself', () => {
    const a: unknown[] = [1]
    a.push(a)
    expect(messageFor(a)).toBe(`args[0][1] ${cycle}`)
    expect(thrownBy(() => assertJsonSafe(a, 'args')).message).toBe(`args[1] ${cycle}`)
  })

  test.each([2, 3, 4, 5, 7, 48, 90])('a ring of %i: the path ends on a value that is met before', (length) => {
    const ring: Record<string, unknown>[] = Array.from({ length }, () => ({}))
    ring.forEach((each, index) => {
      each.next = ring[(index + 1) % length]
    })
    const { message, path = '' } = thrownBy(() => passes(1, { a: ring[0] }))
    expect(message).toContain(cycle)
    const steps = path.slice('args[1].a'.length).split('.').slice(1)
    expect(steps.every((step) => step === 'next')).toBe(true)
    expect(steps.length).toBeGreaterThanOrEqual(length)
    expect(steps.length).toBeLessThan(2 * length)
  })

  test('two ways back cost no more than one', () => {
    const a: Record<string, unknown> = {}
    Object.assign(a, { one: a, two: a, three: [a, a] })
    expect(messageFor(a)).toBe(`args[0].one ${cycle}`)
  })

  test('an endless object is too deep, not a cycle', () => {
    const endless = (): object => ({
      get next() {
        return endless()
      },
    })
    expect(messageFor(endless())).toMatch(/^args\[0\](\.next)+ is nested more than 98 levels deep; pass flatter data$/)
  })
})

describe('for all values', () => {
  const isRefused = (value: unknown): boolean => {
    try {
      assertJsonSafe(value, 'value')
      return false
    } catch (error) {
      if (error instanceof ArgumentError && error.message.startsWith(error.path)) return true
      throw error
    }
  }
  const survives = (value: unknown): boolean => same(JSON.parse(JSON.stringify(value)), value)

  test('what passes survives JSON exactly', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
      key: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', 'toJSON', 'length')),
    })
    fc.assert(
      fc.property(anything, (value) => isRefused(value) || survives(value)),
      { numRuns: 500 },
    )
  })

  test('JSON is refused for nothing but -0, lone surrogates and depth', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const hasMinusZero = (each: unknown): boolean =>
          typeof each === 'object' && each !== null ? Object.values(each).some(hasMinusZero) : Object.is(each, -0)
        return (
          isRefused(value) ===
          (hasMinusZero(value) || !JSON.stringify(value).isWellFormed() || /\\ud[89a-f]/i.test(JSON.stringify(value)))
        )
      }),
      { numRuns: 500 },
    )
  })

  test('one flaw anywhere in good data is found', () => {
    const flaw = fc.constantFrom(undefined, Number.NaN, 1n, new Date(), '\ud800')
    const path = fc.array(fc.oneof(fc.nat(3), fc.constantFrom('a', 'b c', '__proto__')), { maxLength: 6 })
    fc.assert(
      fc.property(flaw, path, (bad, steps) => {
        const value = steps.reduceRight<unknown>(
          (inner, step) =>
            typeof step === 'number'
              ? [...Array(step).fill(0), inner]
              : Object.fromEntries([
                  ['z', 0],
                  [step, inner],
                ]),
          bad,
        )
        const at = steps.map((step) =>
          typeof step === 'number' ? `[${step}]` : step === 'b c' ? '["b c"]' : `.${step}`,
        )
        expect(thrownBy(() => assertJsonSafe(value, 'args')).path).toBe(`args${at.join('')}`)
      }),
    )
  })
})
