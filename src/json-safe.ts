import { ArgumentError } from './errors.ts'

/**
 * Sidekiq reads JSON of at most 100 levels: the payload and its array of arguments are two, so an argument may nest 98.
 */
const MOST_LEVELS = 98

/** The levels around an argument: the payload, and the array of arguments. */
const AROUND_ARGUMENT = 2

/** What JSON carries without changing it. Interfaces fit as well as type literals do. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/**
 * `T` with everything that JSON would change replaced by `never`, so that `A extends Jsonable<A>` holds just for types
 * that survive: no undefined, Date, Map, bigint, function or symbol, at any depth, and no class instance with methods.
 * What types cannot see (`any` and `unknown`, NaN, cycles, lone surrogates) is looked at when the job is enqueued.
 */
export type Jsonable<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null
    ? T
    : T extends undefined | bigint | symbol | ((...args: never[]) => unknown)
      ? never
      : T extends object
        ? { [K in keyof T]: JsonableMember<T, K> }
        : never

/** An optional member may be absent, which JSON keeps; one that is there and undefined it drops. */
type JsonableMember<T, K extends keyof T> = unknown extends T[K]
  ? T[K]
  : undefined extends T[K]
    ? Record<never, never> extends Pick<T, K>
      ? Jsonable<Exclude<T[K], undefined>> | undefined
      : never
    : Jsonable<T[K]>

/**
 * Throws ArgumentError for the first value below `value` that JSON.stringify would change, drop or refuse. The message
 * names its path (`args[1].when`), says what it is, and what to pass instead.
 *
 * @param around how many levels stand around the value: 1 for an array of arguments, 0 for a payload
 */
export function assertJsonSafe(value: unknown, path: string, around = 1): void {
  const flaw = flawOf(value, around)
  if (flaw === undefined) return
  const at = path + flaw.keys.reverse().map(step).join('')
  throw new ArgumentError(at, `${at} ${flaw.what}; pass ${flaw.instead.replace('value', () => at)}`)
}

/** What is wrong with a value. The path is put together on the way out, so that a value without flaw costs nothing. */
interface Flaw {
  readonly what: string
  readonly instead: string
  /** From the flaw outwards. */
  keys: (string | number)[]
  /** The object that lies too deep: met again further out, it is a cycle. */
  readonly deepest?: object
}

function flawOf(value: unknown, level: number): Flaw | undefined {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? undefined : flaw('has a lone surrogate', 'value.toWellFormed()')
    case 'number':
      if (!Number.isFinite(value)) return flaw(`is ${value}`, 'null, or a string')
      return Object.is(value, -0) ? flaw('is -0', '0') : undefined
    case 'boolean':
      return undefined
    case 'object':
      return value === null ? undefined : objectFlaw(value, level)
    default:
      return flaw(value === undefined ? 'is undefined' : `is a ${typeof value}`, insteadOf(typeof value))
  }
}

function objectFlaw(object: object, level: number): Flaw | undefined {
  if (level === MOST_LEVELS + AROUND_ARGUMENT) {
    return flaw(`is nested more than ${MOST_LEVELS} levels deep`, 'flatter data', object)
  }
  const found = Array.isArray(object) ? arrayFlaw(object, level) : recordFlaw(object, level)
  return found?.deepest === object ? cycleFlaw(found) : found
}

/** Each time round, only the last turn of the cycle is kept: the path ends where it first closes. */
function cycleFlaw(found: Flaw): Flaw {
  const turn = found.keys.slice(found.instead === CYCLE_INSTEAD ? found.keys.length / 2 : 0)
  return { ...flaw('refers back to a value that contains it', CYCLE_INSTEAD, found.deepest), keys: turn }
}

function arrayFlaw(array: unknown[], level: number): Flaw | undefined {
  for (let index = 0; index < array.length; index++) {
    const found =
      array[index] === undefined && !Object.hasOwn(array, index)
        ? flaw('is a hole in a sparse array', 'null')
        : flawOf(array[index], level + 1)
    if (found) return below(index, found)
  }
  return Object.keys(array).length > array.length
    ? flaw('has properties beside its items', 'the items alone')
    : undefined
}

function recordFlaw(record: object, level: number): Flaw | undefined {
  if (!isPlain(record)) return flaw(`is ${aKind(record)}`, insteadOf(kindOf(record)))
  if (Object.getOwnPropertySymbols(record).length > 0) return flaw('has a symbol as a key', 'string keys')
  for (const key of Object.keys(record)) {
    const found = key.isWellFormed()
      ? flawOf((record as Record<string, unknown>)[key], level + 1)
      : flaw('has a lone surrogate in its name', 'a well-formed name')
    if (found) return below(key, found)
  }
  return undefined
}

const flaw = (what: string, instead: string, deepest?: object): Flaw =>
  deepest ? { what, instead, keys: [], deepest } : { what, instead, keys: [] }

function below(key: string | number, found: Flaw): Flaw {
  found.keys.push(key)
  return found
}

const step = (key: string | number): string =>
  typeof key === 'number' ? `[${key}]` : /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`

/** Another realm has an Object.prototype of its own, so plain is what has a prototype without a prototype, or none. */
function isPlain(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

function kindOf(value: object): string {
  return (
    (value.constructor as { name?: string } | undefined)?.name || Object.prototype.toString.call(value).slice(8, -1)
  )
}

function aKind(value: object): string {
  const kind = kindOf(value)
  return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`
}

const CYCLE_INSTEAD = 'a copy without the cycle'

/** What the message tells to pass instead; `value` stands for the path. */
const INSTEAD_OF: ReadonlyMap<string, string> = new Map([
  ['undefined', 'null, or leave it out'],
  ['bigint', 'String(value)'],
  ['function', 'the data that it needs'],
  ['symbol', 'its description'],
  ['Date', 'value.toISOString()'],
  ['Map', 'Object.fromEntries(value)'],
  ['Set', '[...value]'],
  ['RegExp', 'value.source'],
  ['URL', 'value.href'],
  ['Error', 'value.message'],
  ['Uint8Array', 'it as base64 text'],
  ['Buffer', "value.toString('base64')"],
])

const insteadOf = (kind: string): string => INSTEAD_OF.get(kind) ?? 'a plain object'
