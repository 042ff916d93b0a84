import { nearest } from '../../options.ts'
import type { CapsuleOptions } from '../../worker/work-options.ts'
import { UsageError } from '../failure.ts'
import { readQueues } from './queues.ts'
import { number, record } from './readers.ts'

const NAMES = ['queues', 'concurrency']
const readConcurrency = number(1, 10_000)

/** Pools by name, as Sidekiq 7 has them in its file. Throws UsageError. */
export function readCapsules(given: unknown, where: string): Readonly<Record<string, CapsuleOptions>> {
  const capsules = Object.entries(plain(given, where))
  return Object.fromEntries(capsules.map(([name, capsule]) => [name, readCapsule(capsule, `${where}.${name}`)]))
}

function readCapsule(given: unknown, where: string): CapsuleOptions {
  const capsule = plain(given, where)
  for (const name of Object.keys(capsule)) if (!NAMES.includes(name)) throw unknown(name, where)
  if (capsule.queues === undefined) throw new UsageError(`${where}.queues is missing: which queues does it serve?`)
  const queues = readQueues(capsule.queues, `${where}.queues`)
  if (capsule.concurrency === undefined) return { queues }
  return { queues, concurrency: readConcurrency(capsule.concurrency, `${where}.concurrency`) }
}

/** Ruby's symbols begin with a colon. */
function plain(given: unknown, where: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record(given, where)).map(([key, value]) => [key.replace(/^:/, ''), value]))
}

function unknown(name: string, where: string): UsageError {
  const near = nearest(name, NAMES)
  return new UsageError(
    `${where} has no setting "${name}"; ${near ? `did you mean "${near}"?` : `it has ${NAMES.join(' and ')}`}`,
  )
}
