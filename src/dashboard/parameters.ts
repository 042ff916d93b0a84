/** How one parameter of an address or a form is read. Undefined: what came is not allowed. */
export interface Parameter<T> {
  /** What is allowed, for the page that says what was wrong. */
  readonly expected: string
  /** `values` are all that came by its name; none at all when it is not there. */
  read(values: readonly string[]): T | undefined
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>

/** What was given for the parameters of a route. */
export type Given<P extends Parameters> = { readonly [Name in keyof P]: P[Name] extends Parameter<infer T> ? T : never }

/** A whole number within bounds. */
export function whole(from: number, to: number, otherwise: number): Parameter<number> {
  const read = ([value]: readonly string[]) => {
    if (value === undefined || value === '') return otherwise
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
    return number >= from && number <= to ? number : undefined
  }
  return { expected: `a whole number from ${from} to ${to}`, read }
}

/** A text of at most so many characters; '' when it is not there. */
export function text(longest: number): Parameter<string> {
  const read = ([value = '']: readonly string[]) => (value.length <= longest ? value.trim() : undefined)
  return { expected: `a text of at most ${longest} characters`, read }
}

/** A text that must be there, and must look so. */
export function matching(pattern: RegExp, expected: string): Parameter<string> {
  return { expected, read: ([value]) => (value !== undefined && pattern.test(value) ? value : undefined) }
}

/** One of these, and nothing else. */
export function oneOf<const T extends string>(...allowed: readonly T[]): Parameter<T> {
  return { expected: allowed.join(', '), read: ([value]) => allowed.find((each) => each === value) }
}

/** One of these; the first when it is not there. */
export function choice<const T extends string>(...allowed: readonly [T, ...T[]]): Parameter<T> {
  const read = ([value = allowed[0]]: readonly string[]) => allowed.find((each) => each === value)
  return { expected: allowed.join(', '), read }
}

/** Several, each of them as `each` reads it. */
export function several<T>(each: Parameter<T>, most: number): Parameter<readonly T[]> {
  const read = (values: readonly string[]) => {
    if (values.length > most) return undefined
    const found = values.map((value) => each.read([value]))
    return found.includes(undefined) ? undefined : (found as T[])
  }
  return { expected: `at most ${most} times ${each.expected}`, read }
}

/** What a route takes, read from all that came. Answers the name of the parameter that is wrong, if one is. */
export function readParameters<P extends Parameters>(
  takes: P,
  came: { getAll(name: string): readonly unknown[] },
): { readonly given: Given<P> } | { readonly wrong: string } {
  const given: Record<string, unknown> = {}
  for (const [name, parameter] of Object.entries(takes)) {
    const value = parameter.read(came.getAll(name).map(String))
    if (value === undefined) return { wrong: name }
    given[name] = value
  }
  return { given: given as Given<P> }
}
