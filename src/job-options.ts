import { aDuration, type Duration, toMs } from './duration.ts'
import { OptionError } from './errors.ts'
import {
  aBoolean,
  aJid,
  checkOptions,
  isRecord,
  oneOf,
  queueName,
  type Rule,
  type Rules,
  rule,
  strings,
} from './options.ts'
import type { Payload } from './payload.ts'

/** What can be said of a job when it is defined, for all jobs in `defaults`, and for one enqueue with `set`. */
export interface JobOptions {
  /** Default 'default'. */
  readonly queue?: string
  /**
   * true (default): 25 retries over about 20 days. n: that many. 0: straight to the dead set. false: nothing is kept.
   */
  readonly retry?: boolean | number
  /** Retries go to this queue. */
  readonly retryQueue?: string
  /** Retry for this long since the first failure, however often; `retry` then does not count. */
  readonly retryFor?: Duration
  /** false: when retries are exhausted the job is discarded, not kept in the dead set. Default true. */
  readonly dead?: boolean
  /** Keep the stack of the last error with the job: all its lines (true), or the first n. Default false. */
  readonly backtrace?: boolean | number
  /** Shown in logs and pages. */
  readonly tags?: readonly string[]
  /** A job that is still to be performed this long after it was due is discarded, also when it was to be retried. */
  readonly expiresIn?: Duration
  /**
   * 'network': a run that finds the network away spends no attempt; the job waits until it is back. What `fetch` throws
   * then tells that, or a NetworkUnavailableError. Default: such a run fails as any other.
   */
  readonly requires?: 'network'
  /** At most one such job at a time. */
  readonly unique?: UniqueOptions
  /**
   * What the job survives once it is stored. 'strict': also a power cut in the same seconds, where the storage can
   * choose, as IndexedDB can. Default: what the storage does for all.
   */
  readonly durability?: 'relaxed' | 'strict'
}

export interface UniqueOptions {
  /** The lock ends this long after the job is due, whatever happens. */
  readonly for: Duration
  /** When the lock is freed: when the job starts, or (default) when it is done, dead or gone. */
  readonly until?: 'start' | 'success'
  /** What a second enqueue answers: null (default), or the jid of the job that holds the lock. */
  readonly onConflict?: 'null' | 'jid'
}

/** Options for one enqueue. */
export interface EnqueueOptions extends JobOptions {
  /** Run this much later. Not together with `waitUntil`. */
  readonly wait?: Duration
  /** Run at this time; a past one means now. */
  readonly waitUntil?: Date
  /** A jid of your own. Enqueuing the same one again within ten minutes stores nothing and answers it again. */
  readonly jid?: string
}

export const retries: Rule = rule('true, false or a whole number of at least 0', isCount)
export const requires: Rule = oneOf('network')
const unique = rule("an object such as { for: '10m', until: 'success' }", isRecord)

const JOB_OPTIONS: Rules = {
  queue: queueName,
  retry: retries,
  retryQueue: queueName,
  retryFor: aDuration,
  dead: aBoolean,
  backtrace: rule('true, false or a number of lines', isCount),
  tags: strings,
  expiresIn: aDuration,
  requires,
  unique,
  durability: oneOf('relaxed', 'strict'),
}

const ENQUEUE_OPTIONS: Rules = {
  ...JOB_OPTIONS,
  wait: aDuration,
  waitUntil: rule('a valid Date', isDate),
  jid: aJid,
}

const UNIQUE_OPTIONS: Rules = {
  for: aDuration,
  until: oneOf('start', 'success'),
  onConflict: oneOf('null', 'jid'),
}

function isCount(value: unknown): boolean {
  return typeof value === 'boolean' || (Number.isSafeInteger(value) && (value as number) >= 0)
}

export function isDate(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime())
}

/** Checks options of a definition or of `defaults`, with the rules for what else may stand there. */
export function checkJobOptions(where: string, options: object, more: Rules = {}): void {
  checkOptions(where, options, { ...JOB_OPTIONS, ...more })
  checkUnique(where, options as JobOptions)
}

/** Checks the options of one enqueue. */
export function checkEnqueueOptions(where: string, options: object): void {
  checkOptions(where, options, ENQUEUE_OPTIONS)
  checkUnique(where, options as JobOptions)
  const { wait, waitUntil } = options as EnqueueOptions
  if (wait !== undefined && waitUntil !== undefined) {
    throw new OptionError(`${where} takes wait or waitUntil, not both.`)
  }
}

function checkUnique(where: string, { unique }: JobOptions): void {
  if (unique === undefined) return
  checkOptions(`${where}: unique`, unique, UNIQUE_OPTIONS)
  if (unique.for === undefined) throw new OptionError(`${where}: unique.for is missing: how long may the lock last?`)
}

/** Options made ready, once, for every enqueue that shares them. */
export interface Plan {
  readonly job: string
  readonly queue: string
  /** All of the payload that does not differ from one enqueue to the next. */
  readonly head: Readonly<Record<string, unknown>>
  readonly waitMs: number
  /** In place of `waitMs`: an instant, which becomes a delay when the job is enqueued. */
  readonly atMs: number | undefined
  readonly expiresInMs: number | undefined
  readonly uniqueMs: number | undefined
  readonly onConflict: 'null' | 'jid'
  readonly durability: JobOptions['durability']
  readonly jid: string | undefined
}

export function planOf(job: string, options: EnqueueOptions): Plan {
  const { wait, waitUntil, expiresIn, unique, jid, durability } = options
  return {
    job,
    queue: options.queue ?? 'default',
    head: payloadHead(job, options),
    waitMs: wait === undefined ? 0 : toMs(wait, 'wait'),
    atMs: waitUntil?.getTime(),
    expiresInMs: expiresIn === undefined ? undefined : toMs(expiresIn, 'expiresIn'),
    uniqueMs: unique && toMs(unique.for, 'unique.for'),
    onConflict: unique?.onConflict ?? 'null',
    durability,
    jid,
  }
}

/** The options as the payload's own fields, but those of time, which depend on when the job is due. */
function payloadHead(job: string, options: JobOptions): Partial<Payload> {
  const head: Partial<Payload> = { retry: options.retry ?? true, queue: options.queue ?? 'default', class: job }
  if (options.retryQueue !== undefined) head.retry_queue = options.retryQueue
  if (options.retryFor !== undefined) head.retry_for = wholeSeconds(options.retryFor)
  if (options.dead !== undefined) head.dead = options.dead
  if (options.backtrace !== undefined) head.backtrace = options.backtrace
  if (options.tags !== undefined) head.tags = [...options.tags]
  if (options.requires !== undefined) head.requires = options.requires
  if (options.unique !== undefined) {
    head.unique_for = wholeSeconds(options.unique.for)
    head.unique_until = options.unique.until ?? 'success'
  }
  return head
}

/** Sidekiq keeps lengths of time as integers of seconds; less than one would mean none. */
const wholeSeconds = (value: Duration): number => Math.max(1, Math.ceil(toMs(value, 'duration') / 1000))
