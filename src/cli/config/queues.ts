import { describe, isRecord, queueName, wholeNumber } from '../../options.ts'
import { UsageError } from '../failure.ts'

/** A list, looked at in this order; or names with weights. As `app.work()` takes them. */
export type Queues = readonly string[] | Readonly<Record<string, number>>

const EXPECTED = 'a list such as [critical, [default, 2]], or names with weights such as { critical: 2, default: 1 }'
const weight = wholeNumber(1, 1_000)

/**
 * Queues as people write them: `name`, `name,weight` and `[name, weight]` in a list, or weights by name. One weight
 * makes all of them weighted, those without count 1. Throws UsageError, with `where` at its beginning.
 */
export function readQueues(given: unknown, where: string): Queues {
  const refuse = () => new UsageError(`${where} must be ${EXPECTED}; got ${describe(given)}`)
  if (!Array.isArray(given) && !isRecord(given)) throw refuse()
  const entries = Array.isArray(given) ? given.map(split) : Object.entries(given)
  if (entries.length === 0) throw refuse()
  const pairs = entries.map(([name, weight]) => [nameOf(name, where), weightOf(weight, where)] as const)
  if (pairs.every(([, weight]) => weight === undefined)) return [...new Set(pairs.map(([name]) => name))]
  return Object.fromEntries(pairs.map(([name, weight]) => [name, weight ?? 1]))
}

/** `critical ×2, default ×1`, or `critical, default (in this order)`. */
export function showQueues(weights: Readonly<Record<string, number>>, order: string): string {
  const names = Object.entries(weights)
  if (order === 'weighted') return names.map(([name, weight]) => `${name} ×${weight}`).join(', ')
  const list = names.map(([name]) => name).join(', ')
  return order === 'strict' && names.length > 1 ? `${list} (in this order)` : list
}

function split(entry: unknown): readonly unknown[] {
  if (Array.isArray(entry)) return entry.length <= 2 ? entry : [entry]
  return typeof entry === 'string' ? entry.split(',') : [entry]
}

/** Ruby's symbols begin with a colon. */
function nameOf(name: unknown, where: string): string {
  const text = typeof name === 'string' ? name.trim().replace(/^:/, '') : name
  if (!queueName.test(text)) throw new UsageError(`${where}: ${describe(name)} is not ${queueName.expected}`)
  return text as string
}

function weightOf(given: unknown, where: string): number | undefined {
  if (given === undefined) return undefined
  const number = typeof given === 'string' ? Number(given.trim() || Number.NaN) : given
  if (!weight.test(number))
    throw new UsageError(`${where}: a weight must be ${weight.expected}; got ${describe(given)}`)
  return number as number
}
