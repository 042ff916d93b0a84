import { OptionError } from './errors.ts'

/** How one option is checked: what the message says it must be, and whether a value is that. */
export interface Rule {
  readonly expected: string
  readonly test: (value: unknown) => boolean
}

/** The options that a call takes, by name. Undefined always passes: it means "not given". */
export type Rules = Readonly<Record<string, Rule>>

export const rule = (expected: string, test: (value: unknown) => boolean): Rule => ({ expected, test })

export const aBoolean: Rule = rule('true or false', (value) => typeof value === 'boolean')
export const aFunction: Rule = rule('a function', (value) => typeof value === 'function')
export const aString: Rule = rule('a string that is not empty', (value) => typeof value === 'string' && value !== '')
/** Of a job. Sidekiq's web page prints it as it is: markup in it would run in an operator's browser. */
export const jobName: Rule = rule(
  'a string that is not empty, without < and >',
  (value) => typeof value === 'string' && /^[^<>]+$/.test(value),
)
/** Sidekiq's web page prints it as it is, too, also in attributes. */
export const aJid: Rule = rule(
  'a string without spaces, quotes, < and >',
  (value) => typeof value === 'string' && /^[^\s<>"'`]+$/.test(value),
)
export const strings: Rule = rule('an array of strings', (value) =>
  isArrayOf(value, (each) => typeof each === 'string'),
)

export const wholeNumber = (from: number, to: number = Number.MAX_SAFE_INTEGER): Rule =>
  rule(
    to === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${from}` : `a whole number from ${from} to ${to}`,
    (value) => Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to,
  )

export const oneOf = (...values: string[]): Rule =>
  rule(values.map((value) => `'${value}'`).join(' or '), (value) => values.includes(value as string))

export function isArrayOf(value: unknown, test: (each: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every(test)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Queue names are also parts of keys and addresses: these are what Sidekiq's web page can show. */
export const queueName: Rule = rule(
  'a queue name of 1 to 128 letters, digits, and _ . : -',
  (value) => typeof value === 'string' && /^[\w.:-]{1,128}$/.test(value),
)

/**
 * Checks that `options` has no unknown name and no wrong value. `where` begins the messages (`app.work()`); throws
 * OptionError with the path, what was expected, what came, and the nearest right name for an unknown one.
 */
export function checkOptions(where: string, options: unknown, rules: Rules): void {
  if (!isRecord(options)) throw new OptionError(`${where} takes an object of options; got ${describe(options)}.`)
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(rules, name)) throw unknownOption(where, name, rules)
    if (value !== undefined) check(`${where}: ${name}`, value, rules[name] as Rule)
  }
}

/** Checks one value by one rule; `path` begins the message. */
export function check(path: string, value: unknown, { expected, test }: Rule): void {
  if (!test(value)) throw new OptionError(`${path} must be ${expected}; got ${describe(value)}.`)
}

function unknownOption(where: string, name: string, rules: Rules): OptionError {
  const names = Object.keys(rules)
  const near = nearest(name, names)
  const hint = near ? `did you mean "${near}"?` : `it takes ${names.join(', ')}.`
  return new OptionError(`${where} has no option "${name}"; ${hint}`)
}

/** A value as a message shows it: short, and with its type. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (typeof value === 'string') return `${JSON.stringify(clip(value))} (string)`
  if (typeof value === 'function') return `the function ${value.name || '(anonymous)'}`
  if (typeof value !== 'object') return `${Object.is(value, -0) ? '-0' : String(value)} (${typeof value})`
  const kind = Object.prototype.toString.call(value).slice(8, -1)
  if (kind !== 'Object' && kind !== 'Array') return `a ${kind}`
  try {
    return `${clip(JSON.stringify(value))} (${kind.toLowerCase()})`
  } catch {
    return `an ${kind.toLowerCase()}`
  }
}

const clip = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text)

/** The name closest to `name`, if one is close enough to be what was meant. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.ceil(name.length / 3)) + 1
  for (const candidate of names) {
    // No fewer edits than this: a huge name, which storage may hold, is no work.
    if (Math.abs(candidate.length - name.length) >= least) continue
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

/** Levenshtein's distance, one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next[j] = Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1)
    }
    row = next
  }
  return row[b.length] as number
}
