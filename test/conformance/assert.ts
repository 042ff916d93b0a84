/** What a test of this suite throws: the storage did not keep its word. */
export class ConformanceError extends Error {
  override name = 'ConformanceError'
}

/** Fails unless both are the same, however deep. A property that is undefined counts as absent. */
export function equal(actual: unknown, expected: unknown, what = 'the answer'): void {
  const path = firstDifference(actual, expected, '')
  if (path === undefined) return
  const where = path === '' ? what : `${what}, at ${path},`
  throw new ConformanceError(`${where} is not as expected.\n  expected: ${show(expected)}\n  actual:   ${show(actual)}`)
}

export function ok(value: unknown, what: string): asserts value {
  if (!value) throw new ConformanceError(`expected ${what}.`)
}

/** Fails unless the number lies between the two. A millisecond is forgiven: some stores keep instants as seconds. */
export function between(actual: number | undefined, from: number, to: number, what: string): void {
  const fits = actual !== undefined && actual >= from - 1 && actual <= to + 1
  ok(fits, `${what} to be between ${from} and ${to}, and got ${actual}`)
}

/** Fails unless the call rejects with an error of ours that has this code. */
export async function rejects(call: () => Promise<unknown>, code: string, what = 'the call'): Promise<void> {
  const outcome = await call().then(
    (answer) => `answered ${show(answer)}`,
    (error: unknown) => codeOf(error),
  )
  ok(outcome === code, `${what} to reject with the code ${code}; it ${outcome}`)
}

function codeOf(error: unknown): string {
  const { code } = Object(error) as { code?: unknown }
  return typeof code === 'string' ? code : `rejected with ${String(error)}`
}

/** The path of the first place where the two differ, '' for the values themselves; undefined when they are the same. */
function firstDifference(actual: unknown, expected: unknown, path: string): string | undefined {
  if (Object.is(actual, expected)) return undefined
  if (!isObject(actual) || !isObject(expected) || Array.isArray(actual) !== Array.isArray(expected)) return path
  for (const name of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
    const inside = Array.isArray(actual) ? `${path}[${name}]` : `${path}.${name}`
    const found = firstDifference(own(actual, name), own(expected, name), inside)
    if (found !== undefined) return found
  }
  return undefined
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const own = (value: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined

const LONGEST_SHOWN = 1_000

function show(value: unknown): string {
  const text = value === undefined ? 'undefined' : (JSON.stringify(value) ?? String(value))
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}… (${text.length} characters)` : text
}
