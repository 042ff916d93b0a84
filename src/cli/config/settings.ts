import type { Duration } from '../../duration.ts'
import { oneOf } from '../../options.ts'
import type { CapsuleOptions } from '../../worker/work-options.ts'
import { readCapsules } from './capsules.ts'
import { type CronEntry, readCron } from './cron.ts'
import { type Queues, readQueues } from './queues.ts'
import { checked, flag, number, type Reader, seconds, text, texts } from './readers.ts'

/** All that can be set, wherever it is set. */
export interface Settings {
  /** The file that exports the app. */
  readonly require: string
  readonly environment: string
  readonly queues: Queues
  readonly order: 'strict' | 'weighted' | 'random'
  readonly concurrency: number
  /** Further pools of queues. */
  readonly capsules: Readonly<Record<string, CapsuleOptions>>
  /** How long a stop lets jobs finish. */
  readonly timeout: Duration
  readonly tag: string
  readonly labels: readonly string[]
  readonly verbose: boolean
  /** The port of the health endpoint. */
  readonly health: number
  readonly redisUrl: string
  readonly redisPrefix: string
  /** How long a call of Redis may take. */
  readonly redisTimeout: Duration
  readonly namespace: string
  /** Periodic jobs, for `app.cron`. */
  readonly cron: Readonly<Record<string, CronEntry>>
}

export const READERS: { readonly [Name in keyof Settings]: Reader<Settings[Name]> } = {
  require: text,
  environment: text,
  queues: readQueues,
  order: (value, where) => checked(value, where, oneOf('strict', 'weighted', 'random')),
  concurrency: number(1, 10_000),
  capsules: readCapsules,
  timeout: seconds,
  tag: (value, where) => text(typeof value === 'number' ? String(value) : value, where),
  labels: texts,
  verbose: flag,
  health: number(0, 65_535),
  redisUrl: readUrl,
  redisPrefix: text,
  redisTimeout: seconds,
  namespace: text,
  cron: readCron,
}

/** The adapter checks urls, and its messages show none: they may hold a password. */
function readUrl(value: unknown, where: string): string {
  return checked(value, where, { expected: 'a url such as redis://127.0.0.1:6379/0', test: isText }, '(not shown)')
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
