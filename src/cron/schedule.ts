import { Cron, CronPattern } from 'croner'
import { OptionError } from '../errors.ts'
import { describe } from '../options.ts'

/** When an entry ticks: an expression, and whose clocks it is about. */
export interface Timing {
  readonly cron: string
  /** An IANA name. */
  readonly timezone: string
}

/** No expression that means anything is longer; a megabyte of commas would keep the parser busy. */
const LONGEST_EXPRESSION = 256

/**
 * `no-wildcard`: close to Vixie cron. A fixed time that a change of the clocks skips comes right after the gap, and one
 * that it repeats comes once; wildcards and steps go by real time.
 */
const RULES = { mode: '5-or-6-parts', fixedTimeRule: 'no-wildcard', paused: true } as const

const schedules = new Map<string, Cron>()

/** Parsed expressions that are kept: entries are few, but others may store any number of them. */
const KEPT = 1_000

function scheduleOf({ cron, timezone }: Timing): Cron {
  const key = `${timezone} ${cron}`
  let schedule = schedules.get(key)
  if (!schedule) {
    schedule = new Cron(cron, { ...RULES, timezone })
    if (schedules.size >= KEPT) schedules.clear()
    schedules.set(key, schedule)
  }
  return schedule
}

/** Throws OptionError, beginning with `where`, for what is no schedule, or one that never ticks. */
export function checkTiming(where: string, { cron, timezone }: Timing, now: number): void {
  checkTimezone(where, timezone)
  if (typeof cron !== 'string') throw new OptionError(`${where}: cron must be ${EXPECTED}; got ${describe(cron)}.`)
  if (cron.length > LONGEST_EXPRESSION) {
    throw new OptionError(`${where}: cron must be at most ${LONGEST_EXPRESSION} characters; got ${cron.length}.`)
  }
  try {
    // croner takes an ISO date for an expression, too; its pattern does not.
    new CronPattern(cron, timezone, RULES)
  } catch (error) {
    throw new OptionError(`${where}: cron must be ${EXPECTED}; got ${describe(cron)}. ${reasonOf(error)}`)
  }
  if (nextTick({ cron, timezone }, now) === undefined) {
    throw new OptionError(`${where}: cron ${describe(cron)} never comes: is there such a day?`)
  }
}

const EXPECTED = "five fields such as '0 3 * * *' (minute hour day month weekday), six with seconds first, or '@daily'"

function checkTimezone(where: string, timezone: unknown): void {
  try {
    if (typeof timezone !== 'string') throw new TypeError()
    new Intl.DateTimeFormat('en', { timeZone: timezone })
  } catch {
    throw new OptionError(
      `${where}: timezone must be an IANA name such as 'Europe/Berlin' or 'UTC'; got ${describe(timezone)}.`,
    )
  }
}

/** What croner says, without its own name. */
const reasonOf = (error: unknown): string =>
  String((error as Error).message)
    .replace(/^CronPattern: /, '')
    .replace(/^./, (first) => first.toUpperCase())

/** The first tick after an instant; undefined when none will come. */
export function nextTick(timing: Timing, after: number): number | undefined {
  return scheduleOf(timing).nextRun(new Date(after))?.getTime()
}

/** The next `n` ticks after an instant, soonest first. */
export function nextTicks(timing: Timing, n: number, after: number): number[] {
  return scheduleOf(timing)
    .nextRuns(n, new Date(after))
    .map((tick) => tick.getTime())
}

/** Of the ticks after one instant and not after another, the last `n`, latest first: the cost is that of `n`. */
export function lastTicks(timing: Timing, n: number, after: number, until: number): number[] {
  if (until <= after) return []
  const ticks = scheduleOf(timing)
    .previousRuns(n, new Date(until + 1)) // strictly before its reference
    .map((tick) => tick.getTime())
  return ticks.filter((tick) => tick > after && tick <= until)
}
