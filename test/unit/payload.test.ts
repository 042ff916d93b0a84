import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { enqueuedText, instantMs, jidOf, parsePayload, toSeconds, uniqueLockOf } from '../../src/payload.ts'
import { thrownBy } from './support/thrown.ts'

const NOON = 1_795_313_135_000
const TEXT = '{"class":"A","args":[1.0,9223372036854775808],"jid":"j1","queue":"low"}'

describe('an instant as it is stored', () => {
  test.each([
    [1_795_313_135_250, '1795313135.25'],
    [1_795_313_135_001, '1795313135.001'],
    [1_795_313_135_000, '1795313135.001'],
    [1_795_313_134_999.6, '1795313135.001'],
    [0, '0.001'],
  ])('%d ms is %s: seconds, and never a whole number, which Ruby 8 takes for milliseconds', (ms, text) => {
    expect(JSON.stringify(toSeconds(ms))).toBe(text)
  })

  test('always has a fraction, is off by a millisecond at most, and comes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => {
        const stored = toSeconds(ms)
        const back = instantMs(JSON.parse(JSON.stringify(stored))) as number
        return JSON.stringify(stored).includes('.') && (back === ms || (ms % 1000 === 0 && back === ms + 1))
      }),
    )
  })

  test.each<[unknown, number | undefined]>([
    [1_795_313_135.25, 1_795_313_135_250],
    [1_795_313_111.2655952, 1_795_313_111_266],
    [1_795_313_135, 1_795_313_135_000],
    [1_795_313_134_807, 1_795_313_134_807],
    [99_999_999_999, 99_999_999_999_000],
    [100_000_000_000, 100_000_000_000],
    [0, 0],
    ['1795313135.25', undefined],
    [null, undefined],
    [undefined, undefined],
    [Number.NaN, undefined],
    [Infinity, undefined],
    [{}, undefined],
  ])('%j is read as %j: seconds of Sidekiq 7, milliseconds of 8', (stored, ms) => expect(instantMs(stored)).toBe(ms))
})

describe('a stored text', () => {
  test('that is a payload is one, with every field that nobody here knows', () => {
    const text = '{"class":"A","args":[],"jid":"j1","queue":"q","bid":"b-1","cattr":{"x":[1]},"__proto__":{"args":7}}'
    const payload = parsePayload(text)
    expect(payload).toMatchObject({ class: 'A', args: [], jid: 'j1', bid: 'b-1', cattr: { x: [1] } })
    expect(Object.getPrototypeOf(payload)).toBe(Object.prototype)
  })

  test.each([
    ['', /^The stored job is not JSON: /],
    ['{"class":', /^The stored job is not JSON: /],
    [`${TEXT}x`, /^The stored job is not JSON: /],
    ['null', /^The stored job is not an object\.$/],
    ['[]', /^The stored job is not an object\.$/],
    ['"{}"', /^The stored job is not an object\.$/],
    ['{}', /^The stored job has no class\.$/],
    ['{"class":"","args":[],"jid":"j"}', /has no class/],
    ['{"class":7,"args":[],"jid":"j"}', /has no class/],
    ['{"__proto__":{"class":"A"},"args":[],"jid":"j"}', /has no class/],
    ['{"class":"A","jid":"j"}', /has no array of arguments/],
    ['{"class":"A","args":{"0":1},"jid":"j"}', /has no array of arguments/],
    ['{"class":"A","args":[]}', /has no jid/],
    ['{"class":"A","args":[],"jid":7}', /has no jid/],
    ['{"class":"A","args":[],"jid":""}', /has no jid/],
  ])('%s is none', (text, message) => {
    const error = thrownBy(() => parsePayload(text))
    expect(error).toMatchObject({ name: 'MalformedPayloadError', code: 'ERR_MALFORMED_PAYLOAD' })
    expect(error.message).toMatch(message)
  })

  test('what is no JSON says why', () => {
    expect(thrownBy(() => parsePayload('{"class":'))).toMatchObject({ cause: expect.any(SyntaxError) })
  })

  test('no text makes it throw anything else', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object().map((object) => JSON.stringify(object)),
    )
    fc.assert(
      fc.property(text, (each) => {
        try {
          return typeof parsePayload(each).jid === 'string'
        } catch (error) {
          return (error as Error).name === 'MalformedPayloadError'
        }
      }),
    )
  })

  test('jidOf is its jid, or nothing', () => {
    expect(jidOf(TEXT)).toBe('j1')
    expect(jidOf('{"jid":"j1"')).toBe('')
    expect(jidOf('{"jid":"j1"}')).toBe('')
  })

  test.each([
    ['{"class":"A","args":[],"jid":"j1","unique_key":"k"}', { key: 'k', owner: 'j1' }],
    ['{"class":"A","args":["\\"unique_key\\""],"jid":"j1"}', undefined],
    ['{"class":"A","args":[{"unique_key":"k"}],"jid":"j1"}', undefined],
    ['{"class":"A","args":[],"jid":"j1","unique_key":7}', undefined],
    ['{"unique_key":"k"', undefined],
    [TEXT, undefined],
  ])('uniqueLockOf %s is %j', (text, lock) => expect(uniqueLockOf(text)).toEqual(lock))
})

describe('a job that enters its queue', () => {
  test('has a new enqueued_at and every other byte as it was', () => {
    expect(enqueuedText(TEXT, NOON)).toBe(`${TEXT.slice(0, -1)},"enqueued_at":1795313135.001}`)
    const again = TEXT.replace('"jid"', '"enqueued_at": 7,"jid"')
    expect(enqueuedText(again, NOON)).toBe(TEXT.replace('"jid"', '"enqueued_at":1795313135.001,"jid"'))
  })

  test.each([
    '',
    'x',
    '[]',
    `${TEXT}x`,
    TEXT.slice(0, -1),
    `${TEXT}${TEXT}`,
    '{"class":bogus}',
    '{"a":}}',
    '{"\\x":1}',
  ])('bad bytes stay as they are: %s', (text) => expect(enqueuedText(text, NOON)).toBe(text))
})
