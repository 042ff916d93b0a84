/** What may stand for an argument: a value, an asymmetric matcher such as `expect.any(Number)`, or a test for it. */
export type Expected<T> =
  | T
  | Asymmetric
  | ((actual: T) => boolean)
  | (T extends object ? { [K in keyof T]: Expected<T[K]> } : never)

/** One place where two values differ. */
export interface Difference {
  /** Where: `args[1].when`. */
  readonly path: string
  readonly actual: unknown
  /** How much of the whole it is, from 0 to 1. */
  readonly weight: number
}

/** Where a stored value is not as expected; empty when it is. Stored values have gone through JSON. */
export function differences(expected: unknown, actual: unknown, path: string, weight = 1): Difference[] {
  if (isTest(expected)) return holds(expected, actual) ? [] : [{ path, actual, weight }]
  if (Array.isArray(expected) && Array.isArray(actual))
    return below(expected, actual, (key) => `${path}[${key}]`, weight)
  if (isObject(expected) && isObject(actual)) return below(expected, actual, (key) => `${path}.${key}`, weight)
  return Object.is(expected, actual) ? [] : [{ path, actual, weight }]
}

/** What is undefined is not there: JSON drops it. */
function below(expected: object, actual: object, pathOf: (key: string) => string, weight: number): Difference[] {
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
  return keys.flatMap((key) =>
    differences(memberOf(expected, key), memberOf(actual, key), pathOf(key), weight / keys.length),
  )
}

const memberOf = (object: object, key: string): unknown =>
  Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined

type Test = ((actual: unknown) => unknown) | Asymmetric

/** What Vitest, Jest and Jasmine make. */
interface Asymmetric {
  asymmetricMatch(actual: unknown): boolean
  toAsymmetricMatcher?(): string
  readonly sample?: unknown
}

const isAsymmetric = (value: unknown): value is Asymmetric =>
  isObject(value) && typeof (value as Partial<Asymmetric>).asymmetricMatch === 'function'

const isTest = (value: unknown): value is Test => typeof value === 'function' || isAsymmetric(value)

/** A test that throws does not hold: it was written for values of another shape. */
function holds(test: Test, actual: unknown): boolean {
  try {
    return Boolean(typeof test === 'function' ? test(actual) : test.asymmetricMatch(actual))
  } catch {
    return false
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const LONGEST_SHOWN = 120

/** A value as a message shows it. */
export function show(value: unknown): string {
  const text = shown(value)
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 1)}…` : text
}

function shown(value: unknown): string {
  if (isAsymmetric(value)) return shownMatcher(value)
  if (value instanceof RegExp) return String(value)
  if (typeof value === 'function') return value.name ? `[${value.name}]` : `[${value}]`
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value) ?? String(value)
  const members = Object.entries(value).map(([key, member]) => `${key}: ${shown(member)}`)
  return members.length > 0 ? `{ ${members.join(', ')} }` : '{}'
}

const shownMatcher = (matcher: Asymmetric): string =>
  matcher.toAsymmetricMatcher?.() ?? `${matcher}${matcher.sample === undefined ? '' : ` ${shown(matcher.sample)}`}`

/** Arguments as a call shows them. */
export const showArgs = (args: readonly unknown[]): string => `(${args.map(show).join(', ')})`
