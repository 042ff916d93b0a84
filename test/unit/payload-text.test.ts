import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MalformedPayloadError } from '../../src/errors.ts'
import { replaceFields } from '../../src/payload-text.ts'
import { same } from './support/same.ts'

describe('replaceFields', () => {
  test.each<[string, string, Record<string, unknown>, string]>([
    ['replaces in place', '{"a":1,"b":2,"c":3}', { b: 'x' }, '{"a":1,"b":"x","c":3}'],
    ['adds at the end', '{"a":1}', { b: [1] }, '{"a":1,"b":[1]}'],
    ['adds to nothing', '{}', { a: null }, '{"a":null}'],
    ['leaves out', '{"a":1,"b":2,"c":3}', { b: undefined }, '{"a":1,"c":3}'],
    ['leaves out all there is', ' { "a" : 1 } ', { a: undefined }, ' {  } '],
    ['leaves out the first', '{ "a":1, "b":2 }', { a: undefined }, '{ "b":2 }'],
    ['leaves out the last', '{ "a":1 , "b":2 }', { b: undefined }, '{ "a":1 }'],
    ['leaves out one and adds another', '{"a":1}', { a: undefined, b: 2 }, '{"b":2}'],
    ['keeps the spaces between', '{ "a" : 1 ,\n"b" : 2 }', { b: 3 }, '{ "a" : 1 ,\n"b":3 }'],
    ['adds before the space at the end', '{ "a": 1\n}\n', { b: 2 }, '{ "a": 1,"b":2\n}\n'],
    ['adds to an empty one with spaces', ' { } ', { a: 1 }, ' {"a":1 } '],
    ['need not find what it leaves out', '{"a":1}', { z: undefined }, '{"a":1}'],
    ['changes nothing when asked for nothing', '{"a":1,"b":2}', {}, '{"a":1,"b":2}'],
    ['adds in the order given', '{}', { z: 1, a: 2 }, '{"z":1,"a":2}'],
    ['knows an escaped name', '{"\\u0061":1}', { a: 2 }, '{"a":2}'],
    ['takes names that need escapes', '{"a\\"\\n":1}', { 'a"\n': 2 }, '{"a\\"\\n":2}'],
    ['takes __proto__ for a name', '{"__proto__":1}', { ['__proto__']: 2 }, '{"__proto__":2}'],
    ['takes an empty name', '{"":1}', { '': 2 }, '{"":2}'],
    ['knows only the top level', '{"x":{"a":1},"y":[{"a":1}],"a":1}', { a: 2 }, '{"x":{"a":1},"y":[{"a":1}],"a":2}'],
    [
      'is not fooled by look-alikes in strings',
      '{"x":"\\",\\"a\\":1}{","a":1}',
      { a: 2 },
      '{"x":"\\",\\"a\\":1}{","a":2}',
    ],
    ['is not fooled by backslashes', '{"x":"\\\\","a":1,"y":"\\\\\\""}', { a: 2 }, '{"x":"\\\\","a":2,"y":"\\\\\\""}'],
    ['replaces a name that stands twice wholly', '{"a":1,"b":2,"a":3}', { a: 9 }, '{"a":9,"b":2}'],
    ['leaves out a name that stands twice wholly', '{"a":1,"b":2,"a":3}', { a: undefined }, '{"b":2}'],
  ])('%s', (_name, text, fields, expected) => expect(replaceFields(text, fields)).toBe(expected))

  test.each([
    '9223372036854775808',
    '-12345678901234567890.10',
    '1.0',
    '1e400',
    '1E+2',
    '-0',
    '[1.0,{"b":2.00}]',
    '"\\u00e9\\/\\ud83d\\ude00"',
    '"é\u2028\u2029\u007f"',
    '[ 1 , { "a" : [ ] , "b":null } ]',
    '{"b":{"b":{}}}',
    '""',
    'true',
  ])('keeps every byte of another member: %s', (value) => {
    const kept = `"a" :\t${value}`
    expect(replaceFields(`{${kept},"b":1}`, { b: 2 })).toBe(`{${kept},"b":2}`)
    expect(replaceFields(`\n{ "b":1 ,\r\n${kept} }`, { b: 2 })).toBe(`\n{ "b":2 ,\r\n${kept} }`)
    expect(replaceFields(`{${kept} }`, { b: 2 })).toBe(`{${kept},"b":2 }`)
  })

  test('equals replacing the fields of the object, whatever they are', () => {
    const object = fc.dictionary(
      fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'jid'), fc.string({ unit: 'binary' })),
      fc.jsonValue({ stringUnit: 'binary' }),
      { noNullPrototype: true },
    )
    fc.assert(
      fc.property(
        object,
        object,
        fc.subarray(['a', 'b', 'jid']),
        fc.constantFrom(0, 1, '\t'),
        (was, fields, out, space) => {
          const changes = new Map<string, unknown>([
            ...Object.entries(fields),
            ...out.map((name) => [name, undefined] as const),
          ])
          const now = new Map(Object.entries(was))
          for (const [name, value] of changes) {
            if (value === undefined) now.delete(name)
            else now.set(name, value)
          }
          const text = replaceFields(JSON.stringify(was, undefined, space), Object.fromEntries(changes))
          const expected = Object.fromEntries(now)
          return same(JSON.parse(text), JSON.parse(JSON.stringify(expected)))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('leaves the bytes of all others alone, wherever they stand', () => {
    const scalar = fc.constantFrom(
      '9223372036854775808',
      '1.0',
      '1e400',
      '"\\u0061"',
      '"\u2028"',
      '[{"b":1.0}]',
      '{"b":[]}',
    )
    const space = fc.constantFrom('', ' ', '\n\t', '\r\n')
    const member = fc
      .tuple(space, scalar, space, fc.nat(1e6))
      .map(([before, value, after, n]) => `"k${n}"${before}:${after}${value}`)
    fc.assert(
      fc.property(fc.array(member), space, fc.nat(20), (members, gap, at) => {
        const all = members.toSpliced(at, 0, '"b":1.0')
        const textOf = (list: string[]) => `${gap}{${gap}${list.join(`${gap},${gap}`)}${gap}}${gap}`
        return replaceFields(textOf(all), { b: 7 }) === textOf(members.toSpliced(at, 0, '"b":7'))
      }),
    )
  })
})

describe('a text that is no object', () => {
  test.each([
    '',
    ' ',
    'null',
    '1',
    '"a"',
    '[]',
    '[{"a":1}]',
    '{',
    '{"',
    '{"a',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{,}',
    '{"a" 1}',
    '{a:1}',
    "{'a':1}",
    '{"a":[}',
    '{"a":"}',
    '{"a":1}}',
    '{"a":1}x',
    '{"a":1}{"b":2}',
    '{}{}',
    '{} x',
    '{"a":}',
    '{"a":}}',
    '{"a":]}',
    '{"\\x":1}',
    '{"\\u12":1}',
    '{"a\n":1}',
    '\ufeff{"a":1}',
    '{"a":1}\0',
  ])('%j is refused', (text) => {
    expect(() => replaceFields(text, { a: 2 })).toThrow(MalformedPayloadError)
  })

  test.each([
    ['{"a" 1}', 'The stored job is not JSON: '],
    ['[1]', 'The stored job is not an object.'],
  ])('%s: the message says why', (text, why) => {
    expect(() => replaceFields(text, {})).toThrow(why)
  })

  test('a text that somebody has damaged is refused, unless it is JSON still', () => {
    const good = '{"class":"A","args":[1.0,{"a":["\\"}",null]}],"jid":"j1" , "retry":true,"x":{"y":[[]]},"at":1e5}'
    const junk = fc.constantFrom(
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '\\',
      ' ',
      '\n',
      '\\u',
      '1',
      'e',
      '\0',
      '\ud800',
      '',
    )
    const damage = fc.tuple(fc.nat(good.length), fc.nat(8), junk)
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
        let text = good
        for (const [at, length, put] of damages) text = text.slice(0, at) + put + text.slice(at + length)
        const valid = isObject(text)
        try {
          const answer = replaceFields(text, { jid: 'j2' })
          return valid && same(JSON.parse(answer), { ...JSON.parse(text), jid: 'j2' })
        } catch (error) {
          return error instanceof MalformedPayloadError && !valid
        }
      }),
      { numRuns: 3_000 },
    )
  })

  test('a megabyte of brackets or backslashes is read once', () => {
    for (const unit of ['[', '\\', '{"a":', '"', ' ']) {
      expect(() => replaceFields(`{"a":${unit.repeat(1e6 / unit.length)}`, {})).toThrow(MalformedPayloadError)
    }
  })
})

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
