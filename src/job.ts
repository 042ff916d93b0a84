import type { Client } from './client.ts'
import { aDuration, DURATION_EXPECTED, type Duration, durationMs, toMs } from './duration.ts'
import { OptionError } from './errors.ts'
import {
  checkEnqueueOptions,
  checkJobOptions,
  type EnqueueOptions,
  isDate,
  type JobOptions,
  type Plan,
  planOf,
} from './job-options.ts'
import {
  aFunction,
  aString,
  checkOptions,
  describe,
  isArrayOf,
  isRecord,
  jobName,
  type Rules,
  rule,
  wholeNumber,
} from './options.ts'
import type { Payload } from './payload.ts'
import { Run } from './run.ts'

/** A class of errors, or the `name` that its errors carry (minifiers rename classes). */
export type ErrorMatch = string | (abstract new (...args: never[]) => Error)

/** Active Job's `retry_on`: how a kind of error is retried. */
export interface RetryRule {
  readonly error: ErrorMatch | readonly ErrorMatch[]
  /** How long to wait, or a function of the number of runs that have failed so: 1 at first. Default '3s'. */
  readonly wait?: Duration | ((executions: number) => Duration)
  /** Runs in all that may fail so; then the job is out of retries. Default 5. */
  readonly attempts?: number
}

/**
 * What a job is: its options, what it does, and what happens when that fails. A failure is looked at in this order:
 * `discardOn`, `retryOn`, then `retry` or `retryFor`, then `retryIn`.
 */
export interface JobSpec<Args extends unknown[]> extends JobOptions {
  /** The work. Leave it out for a job that is performed elsewhere. May run more than once for one enqueue. */
  readonly perform?: (...args: Args) => unknown
  /** A run is aborted by `this.signal` after this long, and counts as failed. Default: no limit. */
  readonly timeout?: Duration
  /**
   * When to retry: a delay, 'discard', 'kill' (to the dead set now), or undefined for Sidekiq's default. `count` is 0
   * after the first failure. As in Sidekiq, a little randomness is added to each delay.
   */
  readonly retryIn?: (count: number, error: Error, payload: Payload) => Duration | 'discard' | 'kill' | undefined | null
  readonly retryOn?: readonly RetryRule[]
  /** Errors after which the job is discarded at once. */
  readonly discardOn?: readonly ErrorMatch[]
  /** Called when no retry is left, before the job goes to the dead set; answering 'discard' keeps it out of there. */
  readonly retriesExhausted?: (payload: Payload, error: Error) => unknown
}

/** A function without a prototype is no class: `instanceof` throws. */
const errorMatch = (value: unknown): boolean =>
  (typeof value === 'function' && isRecord(value.prototype)) || aString.test(value)

const SPEC_OPTIONS: Rules = {
  perform: aFunction,
  timeout: rule(DURATION_EXPECTED, (value) => (durationMs(value) ?? 0) > 0),
  retryIn: aFunction,
  retryOn: rule("an array such as [{ error: TimeoutError, wait: '5s', attempts: 3 }]", (value) =>
    isArrayOf(value, isRecord),
  ),
  discardOn: rule('an array of error classes or names', (value) => isArrayOf(value, errorMatch)),
  retriesExhausted: aFunction,
}

const RETRY_RULE: Rules = {
  error: rule('an error class or name, or an array of them', (value) => isArrayOf([value].flat(), errorMatch)),
  wait: rule(
    `${DURATION_EXPECTED}, or a function`,
    (value) => typeof value === 'function' || durationMs(value) !== undefined,
  ),
  attempts: wholeNumber(1),
}

/** Checks a job's name and spec. Throws OptionError. */
export function checkSpec(name: string, spec: JobSpec<never>): void {
  if (!jobName.test(name)) throw new OptionError(`A job's name must be ${jobName.expected}; got ${describe(name)}.`)
  const where = `app.job('${name}')`
  checkJobOptions(where, spec, SPEC_OPTIONS)
  spec.retryOn?.forEach((each, index) => {
    checkOptions(`${where}: retryOn[${index}]`, each, RETRY_RULE)
    if (each.error === undefined) throw new OptionError(`${where}: retryOn[${index}].error is missing: which errors?`)
  })
}

/** Ways to enqueue a job, with the options given so far. */
export class Enqueuer<Args extends unknown[]> {
  readonly #job: string
  readonly #client: Client
  readonly #options: EnqueueOptions
  readonly #plan: Plan

  constructor(job: string, client: Client, options: EnqueueOptions) {
    this.#job = job
    this.#client = client
    this.#options = options
    this.#plan = planOf(job, options)
  }

  /** What its enqueues have in common. */
  get plan(): Plan {
    return this.#plan
  }

  /** The same job with other options for this enqueue. */
  set(options: EnqueueOptions): Enqueuer<Args> {
    checkEnqueueOptions(`${this.#job}.set()`, options)
    return this.#with(given(options))
  }

  /**
   * Enqueues the job. Answers its jid once it is stored, or null when a middleware stopped it or another job holds its
   * unique lock. Rejects with ArgumentError for arguments that JSON would change, StorageUnavailableError when it could
   * not be stored.
   */
  performAsync(...args: Args): Promise<string | null> {
    return this.#client.enqueue(this.#plan, args)
  }

  /** Enqueues the job to run after `wait`: `performIn('10m', ...)`. */
  async performIn(wait: Duration, ...args: Args): Promise<string | null> {
    toMs(wait, `${this.#job}.performIn(): wait`)
    return this.#with({ wait }).performAsync(...args)
  }

  /** Enqueues the job to run at a time; a past one means now. */
  async performAt(at: Date, ...args: Args): Promise<string | null> {
    if (!isDate(at)) throw new OptionError(`${this.#job}.performAt(): at must be a valid Date; got ${describe(at)}.`)
    return this.#with({ waitUntil: at }).performAsync(...args)
  }

  /**
   * Enqueues many jobs, 1,000 to a call of the storage, in order. Answers their jids in order, null for each that was
   * stopped. When it rejects, earlier slices are stored.
   */
  async performBulk(argsList: readonly Args[], options: BulkOptions = {}): Promise<(string | null)[]> {
    const where = `${this.#job}.performBulk()`
    checkOptions(where, options, BULK_OPTIONS)
    if (!isArrayOf(argsList, Array.isArray)) {
      throw new OptionError(
        `${where} takes an array of argument arrays, [[7, 'visa'], [8, 'sepa']]; got ${describe(argsList)}.`,
      )
    }
    const spreadMs = options.spread === undefined ? 0 : toMs(options.spread, `${where}: spread`)
    return this.#client.enqueueBulk(this.#plan, argsList, spreadMs)
  }

  /**
   * Performs the job here and now, through JSON, middleware and the same steps as in a worker. Answers what `perform`
   * answers, and rejects with what it throws; nothing is stored and nothing retried.
   */
  async performInline(...args: Args): Promise<unknown> {
    return this.#client.performInline(this.#plan, args)
  }

  /** A time takes the place of the one given before, in whichever form that was. */
  #with(options: EnqueueOptions): Enqueuer<Args> {
    const { wait, waitUntil, ...before } = this.#options
    const time = options.wait === undefined && options.waitUntil === undefined ? { wait, waitUntil } : {}
    return new Enqueuer(this.#job, this.#client, { ...before, ...time, ...options })
  }
}

/** Without what is undefined: that means "not given", and hides nothing that was. */
const given = <Options extends object>(options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options

export interface BulkOptions {
  /** Each job becomes due at a random moment within this time, so that many do not start at once. */
  readonly spread?: Duration
}

const BULK_OPTIONS: Rules = { spread: aDuration }

/** A defined job. */
export class Job<Args extends unknown[]> extends Enqueuer<Args> {
  readonly name: string
  readonly spec: JobSpec<Args>
  /** The queue that it goes to unless `set` says otherwise. */
  readonly queue: string
  /** How often it is retried unless `set` says otherwise; true is 25 times. */
  readonly retry: boolean | number
  /** What it requires unless `set` says otherwise. */
  readonly requires: 'network' | undefined
  /** The plain function, for unit tests: no queue, no JSON, no middleware. */
  readonly perform: (...args: Args) => unknown

  constructor(name: string, spec: JobSpec<Args>, defaults: JobOptions, client: Client) {
    super(name, client, { ...defaults, ...given(spec) })
    this.name = name
    this.spec = spec
    this.queue = spec.queue ?? defaults.queue ?? 'default'
    this.retry = spec.retry ?? defaults.retry ?? true
    this.requires = spec.requires ?? defaults.requires
    this.perform = (...args) => {
      if (!spec.perform) throw new OptionError(`The job '${name}' has no perform: it is performed elsewhere.`)
      const payload = { class: name, args, jid: '0'.repeat(24), queue: this.queue }
      return spec.perform.apply(new Run(payload, this.queue, undefined), args)
    }
  }
}
