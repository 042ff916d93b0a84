import { OptionError } from './errors.ts'
import { describe, type Rule, rule } from './options.ts'

type Unit = 'ms' | 's' | 'm' | 'h' | 'd' | 'w'

/**
 * A length of time that carries its unit: `'10m'`, `'1.5h'`, or `{ minutes: 10, seconds: 30 }`. Units are ms, s, m
 * (minutes), h, d (24 hours) and w. A bare number is refused: nobody knows whether it means seconds or milliseconds.
 */
export type Duration = `${number}${Unit}` | DurationParts

export interface DurationParts {
  readonly weeks?: number
  readonly days?: number
  readonly hours?: number
  readonly minutes?: number
  readonly seconds?: number
  readonly milliseconds?: number
}

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
])

const PART_MS: ReadonlyMap<string, number> = new Map([
  ['weeks', 604_800_000],
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['seconds', 1_000],
  ['milliseconds', 1],
])

/** What the messages say is expected wherever a duration is an option. */
export const DURATION_EXPECTED = "a duration such as '10m' or { minutes: 10 }"

/** The milliseconds of a duration, or undefined when it is none (so that callers name their own option). */
export function durationMs(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? textMs(value) : partsMs(value)
  return ms !== undefined && Number.isFinite(ms) && ms >= 0 ? ms : undefined
}

/** Passes every duration. */
export const aDuration: Rule = rule(DURATION_EXPECTED, (value) => durationMs(value) !== undefined)

/** The milliseconds of a duration. Throws OptionError naming `path`, what was expected and what came. */
export function toMs(value: unknown, path: string): number {
  const ms = durationMs(value)
  if (ms !== undefined) return ms
  const isAmount = typeof value === 'number' && textMs(`${value}s`) !== undefined
  const hint = isAmount ? ` A bare number has no unit: write '${value}s' or '${value}ms'.` : ''
  throw new OptionError(`${path} must be ${DURATION_EXPECTED}; got ${describe(value)}.${hint}`)
}

function textMs(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text)
  return match ? Number(match[1]) * (UNIT_MS.get(match[2] as string) as number) : undefined
}

function partsMs(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const parts = Object.entries(value)
  if (parts.length === 0) return undefined
  let total = 0
  for (const [name, amount] of parts) {
    const unit = PART_MS.get(name)
    if (unit === undefined || typeof amount !== 'number' || !(amount >= 0)) return undefined
    total += unit * amount
  }
  return total
}
