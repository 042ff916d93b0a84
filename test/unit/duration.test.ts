import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { durationMs, toMs } from '../../src/duration.ts'
import { OptionError } from '../../src/errors.ts'
import { thrownBy } from './support/thrown.ts'

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const PARTS = {
  milliseconds: 1,
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
}

describe('a duration', () => {
  test.each(Object.entries(UNITS))('as text: 3%s is %i ms three times', (unit, ms) => {
    expect(toMs(`3${unit}`, 'wait')).toBe(3 * ms)
  })

  test.each(Object.entries(PARTS))('as an object: { %s: 3 } is %i ms three times', (name, ms) => {
    expect(toMs({ [name]: 3 }, 'wait')).toBe(3 * ms)
  })

  test('an object sums its parts', () => {
    const parts = { weeks: 1, days: 2, hours: 3, minutes: 4, seconds: 5, milliseconds: 6 }
    expect(toMs(parts, 'wait')).toBe(604_800_000 + 172_800_000 + 10_800_000 + 240_000 + 5_000 + 6)
  })

  test.each([
    ['1.5h', 5_400_000],
    ['0s', 0],
    ['007s', 7_000],
    [{ seconds: 0 }, 0],
    [{ hours: 0.5 }, 1_800_000],
  ])('%j is %i ms', (duration, ms) => expect(toMs(duration, 'wait')).toBe(ms))

  test('what is printed is what is read, for every unit and amount', () => {
    const unit = fc.constantFrom(...Object.entries(UNITS))
    fc.assert(fc.property(fc.nat(1e9), unit, (amount, [name, ms]) => toMs(`${amount}${name}`, 'wait') === amount * ms))
  })

  test('any mix of parts is the sum of them', () => {
    const amount = fc.option(fc.nat(1e6), { nil: undefined })
    const parts = fc.record(Object.fromEntries(Object.keys(PARTS).map((name) => [name, amount])))
    fc.assert(
      fc.property(parts, (mixed) => {
        const given = Object.entries(mixed).filter(([, each]) => each !== undefined) as [keyof typeof PARTS, number][]
        fc.pre(given.length > 0)
        return toMs(Object.fromEntries(given), 'wait') === given.reduce((sum, [name, n]) => sum + n * PARTS[name], 0)
      }),
    )
  })
})

describe('what is no duration', () => {
  const none: unknown[] = [
    ...['', ' ', '10', 'm', '10 m', ' 10m', '10m ', '10m\n', '1e3s', '-5s', '+5s', '.5s', '5.s', '1.2.3s', '0x10s'],
    ...['10M', '10 minutes', '10min', '1h30m', '10parsecs', 'Infinitys', 'NaNs', '1,5h', '١s', `${'9'.repeat(400)}s`],
    ...[10, 0, -1, Number.NaN, Infinity, null, undefined, true, 10n, Symbol('s'), () => '10m', new Date(), []],
    ...[{}, { minutes: '10' }, { minutes: -1 }, { minutes: Number.NaN }, { minutes: Infinity }, { minutes: undefined }],
    ...[{ minute: 1 }, { minutes: 1, parsecs: 2 }, { minutes: 2, seconds: -1 }, [5], { toString: () => '10m' }],
    ...[JSON.parse('{ "__proto__": 1 }'), { constructor: 1 }, new String('10m')],
  ]

  test.each(none.map((value) => [value]))('%o has no milliseconds', (value) => {
    expect(durationMs(value)).toBeUndefined()
    expect(() => toMs(value, 'wait')).toThrow(OptionError)
  })

  test('no text but digits and a unit is one', () => {
    fc.assert(
      fc.property(fc.string(), (text) => /^\d+(\.\d+)?(ms|[smhdw])$/.test(text) || durationMs(text) === undefined),
    )
  })

  test.each([
    ['10 m', `wait must be a duration such as '10m' or { minutes: 10 }; got "10 m" (string).`],
    [{ minute: 1 }, `wait must be a duration such as '10m' or { minutes: 10 }; got {"minute":1} (object).`],
    [undefined, `wait must be a duration such as '10m' or { minutes: 10 }; got undefined.`],
  ])('the message for %j says what was expected and what came', (value, message) => {
    expect(thrownBy(() => toMs(value, 'wait'))).toMatchObject({ name: 'OptionError', code: 'ERR_OPTION', message })
  })

  test('a bare number is refused with the way to write it', () => {
    expect(thrownBy(() => toMs(10, 'retryIn: its answer')).message).toBe(
      `retryIn: its answer must be a duration such as '10m' or { minutes: 10 }; got 10 (number). ` +
        `A bare number has no unit: write '10s' or '10ms'.`,
    )
  })

  test.each([Number.NaN, -5, 1e21])('the hint never tells to write what would be refused too: %d', (value) => {
    expect(thrownBy(() => toMs(value, 'wait')).message).not.toContain(`'${value}s'`)
  })
})
