import { type Duration, durationMs } from '../../duration.ts'
import { aBoolean, describe, isArrayOf, isRecord, type Rule, rule, wholeNumber } from '../../options.ts'
import { UsageError } from '../failure.ts'

/**
 * Makes a setting of what a flag, a variable or a file says: the first two know only text. Throws UsageError, with
 * `where` at its beginning: `-c`, `QUAYSIDE_CONCURRENCY`, `config/sidekiq.yml:3: concurrency`.
 */
export type Reader<T> = (value: unknown, where: string) => T

export const text: Reader<string> = (value, where) =>
  checked(
    value,
    where,
    rule('a string that is not empty', (each) => typeof each === 'string' && each !== ''),
  )

export const texts: Reader<readonly string[]> = (value, where) =>
  checked(
    value,
    where,
    rule('a list of strings', (each) => isArrayOf(each, (item) => typeof item === 'string')),
  )

export const flag: Reader<boolean> = (value, where) =>
  checked(value === 'true' || value === '1' || (value !== 'false' && value !== '0' && value), where, aBoolean)

export const number = (from: number, to: number): Reader<number> => {
  const aNumber = wholeNumber(from, to)
  return (value, where) => {
    const read = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
    return checked(read, where, aNumber, value)
  }
}

/** Seconds as Sidekiq has them, or a duration with its unit. */
export const seconds: Reader<Duration> = (value, where) => {
  const read = typeof value === 'number' || (typeof value === 'string' && /^[\d.]+$/.test(value)) ? `${value}s` : value
  const aTime = rule("seconds, or a duration such as '25s'", (each) => durationMs(each) !== undefined)
  return checked(read, where, aTime, value)
}

export const record: Reader<Readonly<Record<string, unknown>>> = (value, where) =>
  checked(value, where, rule('names with their values', isRecord))

/** @param shown what the message shows, where that is not what was checked */
export function checked<T>(value: unknown, where: string, { test, expected }: Rule, shown: unknown = value): T {
  if (!test(value)) throw new UsageError(`${where} must be ${expected}; got ${describe(shown)}`)
  return value as T
}
