import { Client, type InlinePerformer } from './client.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Context, type DeathHandler, type ErrorHandler, keepContext, type Push } from './context.ts'
import { aDuration, type Duration, toMs } from './duration.ts'
import { ClosedError, OptionError } from './errors.ts'
import { EventBus, type EventName, type Events } from './events.ts'
import { checkSpec, Job, type JobSpec } from './job.ts'
import { checkJobOptions, type JobOptions } from './job-options.ts'
import type { Jsonable } from './json-safe.ts'
import { KnownJids } from './known-jids.ts'
import { consoleLogger, type Logger, silentLogger } from './logger.ts'
import { type Middleware, MiddlewareChain } from './middleware.ts'
import { aBoolean, aFunction, checkOptions, describe, isRecord, type Rules, rule, wholeNumber } from './options.ts'
import { toMilliseconds, toSeconds } from './payload.ts'
import { report } from './report.ts'
import type { Run } from './run.ts'
import type { OpenStorage, Storage } from './storage.ts'

export interface AppOptions {
  /** Where jobs are kept: `memoryStorage()` and its siblings. Opened when first needed. */
  readonly storage: OpenStorage
  /** A pino-like logger, or false for silence. Default: lines on the console. */
  readonly logger?: Logger | false
  /** Apps of different namespaces in one store never see each other. Default ''. */
  readonly namespace?: string
  /** Options of every job that does not say otherwise. */
  readonly defaults?: JobOptions
  /** The limits of the dead set. */
  readonly deadSet?: DeadSetOptions
  /** In production, defining a job twice is an error, not a warning. Default: whether NODE_ENV is 'production'. */
  readonly production?: boolean
  /** Where time, timers and randomness come from: for tests and simulations. */
  readonly clock?: Clock
}

/** Sidekiq's limits: whatever exceeds them is deleted when the next job dies. */
export interface DeadSetOptions {
  /** The set keeps fewer than this many. Default 10,000. */
  readonly max?: number
  /** Default 180 days. */
  readonly for?: Duration
}

/** What `app.job` answers instead of a job when the arguments of `perform` would not survive JSON. */
export interface ArgumentsNotJson {
  readonly error: 'The arguments of perform must survive JSON: no undefined, Date, Map, bigint, function or class instance.'
}

const aLogger = rule('an object with debug, info, warn and error methods, or false', (value) => {
  const methods = ['debug', 'info', 'warn', 'error']
  return value === false || (isRecord(value) && methods.every((name) => typeof value[name] === 'function'))
})

const APP_OPTIONS: Rules = {
  storage: rule('what memoryStorage() or one of its siblings answers', (value) => typeof value === 'function'),
  logger: aLogger,
  namespace: rule(
    'a string of letters, digits, and _ . - { }',
    (value) => typeof value === 'string' && /^[\w.{}-]*$/.test(value),
  ),
  defaults: rule('an object of job options', isRecord),
  deadSet: rule("an object such as { max: 10_000, for: '180d' }", isRecord),
  production: aBoolean,
  clock: rule('a Clock', isRecord),
}

const DEAD_SET_OPTIONS: Rules = {
  max: wholeNumber(1),
  for: aDuration,
}

/** An app that defines jobs and enqueues them. `Quayside` adds what performs and inspects them. */
export class App {
  /** Pushes payloads, for jobs that this process does not define. */
  readonly client: Client
  /** Sees each job on its way in; `app.use(fn)` adds to it. */
  readonly clientMiddleware: MiddlewareChain<Push> = new MiddlewareChain()

  readonly #context: Context
  readonly #options: AppOptions
  /** Its own, whatever ground it stands on. */
  readonly #clock: Clock
  readonly #jobs = new Map<string, Job<never>>()
  readonly #errorHandlers: ErrorHandler[] = []
  readonly #deathHandlers: DeathHandler[] = []
  #opened: Storage | undefined
  #opening: Promise<Storage> | undefined
  #closed = false

  constructor(options: AppOptions, inline?: (context: Context) => InlinePerformer) {
    checkAppOptions(options)
    this.#options = options
    this.#clock = options.clock ?? systemClock
    const logger = options.logger === false ? silentLogger : (options.logger ?? consoleLogger())
    this.#context = keepContext(this, {
      app: this,
      logger,
      ground: { clock: this.#clock, storage: () => this.#opened ?? this.#open() },
      get clock() {
        return this.ground.clock
      },
      storage() {
        return this.ground.storage()
      },
      events: new EventBus((error, event) => report(this.#context, error, `a listener of ${event} threw`)),
      jobs: this.#jobs,
      clientMiddleware: this.clientMiddleware,
      workerMiddleware: new MiddlewareChain<Run>(),
      errorHandlers: this.#errorHandlers,
      deathHandlers: this.#deathHandlers,
      workers: new Set(),
      known: new KnownJids(),
      namespace: options.namespace ?? '',
      periodic: undefined,
      stamp: options.storage.timestamps === 'milliseconds' ? toMilliseconds : toSeconds,
      dead: { max: options.deadSet?.max ?? 10_000, forMs: toMs(options.deadSet?.for ?? '180d', 'deadSet.for') },
    })
    this.client = new Client(this.#context, inline?.(this.#context))
  }

  /** Where jobs are kept, for people, without a password. Undefined for a storage that does not tell. */
  get place(): string | undefined {
    return this.#options.storage.place
  }

  /**
   * Defines a job. The types of its arguments come from `perform`, whose `this` is the run; a job without `perform` is
   * performed elsewhere, and takes its types by hand: `app.job<[userId: number]>('RubyMailerJob', { queue: 'mailers'
   * })`. Throws OptionError for a wrong option, and in production for a name defined before.
   */
  job<Args extends unknown[]>(
    name: string,
    spec: JobSpec<Args> & ThisType<Run> = {},
  ): Args extends Jsonable<Args> ? Job<Args> : ArgumentsNotJson {
    checkSpec(name, spec as JobSpec<never>)
    if (this.#jobs.has(name)) this.#redefined(name)
    const job = new Job(name, spec, this.#options.defaults ?? {}, this.client)
    this.#jobs.set(name, job as unknown as Job<never>)
    keepContext(job as unknown as Job<never>, this.#context)
    return job as never
  }

  /** The jobs defined so far, by name. */
  get jobs(): ReadonlyMap<string, Job<never>> {
    return this.#jobs
  }

  /** Adds a client middleware, innermost. The chain `app.clientMiddleware` can do more. */
  use(middleware: Middleware<Push>): this {
    this.clientMiddleware.add(middleware)
    return this
  }

  /** Calls `listener` at each event of this name. Answers a function that ends it. */
  on<N extends EventName>(name: N, listener: (event: Events[N]) => void): () => void {
    return this.#context.events.on(name, listener)
  }

  off<N extends EventName>(name: N, listener: (event: Events[N]) => void): void {
    this.#context.events.off(name, listener)
  }

  /** Adds a handler that is told of every error of a run, and of those in listeners. */
  onError(handler: ErrorHandler): this {
    this.#errorHandlers.push(checkedHandler('app.onError()', handler))
    return this
  }

  /**
   * Adds a handler that is told when a job dies: retries exhausted, killed by `retryIn`, or failed with `retry: false`.
   */
  onDeath(handler: DeathHandler): this {
    this.#deathHandlers.push(checkedHandler('app.onDeath()', handler))
    return this
  }

  /** Gives back the storage's connections. Jobs stay where they are. Safe to call twice. */
  async close(): Promise<void> {
    const opening = this.#opening
    this.#closed = true
    this.#opened = undefined
    this.#opening = undefined
    await (await opening?.catch(() => undefined))?.close()
  }

  #open(): Promise<Storage> {
    this.#opening ??= this.#connect().catch((error) => {
      this.#opening = undefined // the next call tries again
      throw error
    })
    return this.#opening
  }

  async #connect(): Promise<Storage> {
    this.assertOpen()
    const { logger, dead, namespace } = this.#context
    const opened = await this.#options.storage({ clock: this.#clock, logger, namespace, dead })
    if (!this.#closed) this.#opened = opened
    return opened
  }

  /** Throws ClosedError after `close`. */
  protected assertOpen(): void {
    if (this.#closed) throw new ClosedError('The app is closed: make a new one.')
  }

  #redefined(name: string): void {
    const message = `The job '${name}' is defined twice`
    if (this.#options.production ?? isProduction()) throw new OptionError(`${message}; give one of them another name.`)
    this.#context.logger.warn({ job: name }, `${message}; the later definition holds`)
  }
}

function checkAppOptions(options: AppOptions): void {
  checkOptions('new Quayside()', options, APP_OPTIONS)
  if (options.storage === undefined) {
    throw new OptionError("new Quayside() needs a storage: memoryStorage() from 'quayside/memory', say.")
  }
  if (options.defaults) checkJobOptions('new Quayside(): defaults', options.defaults)
  if (options.deadSet) checkOptions('new Quayside(): deadSet', options.deadSet, DEAD_SET_OPTIONS)
}

function checkedHandler<Handler>(where: string, handler: Handler): Handler {
  if (!aFunction.test(handler)) throw new OptionError(`${where} takes a function; got ${describe(handler)}.`)
  return handler
}

/** Bundlers replace `process.env.NODE_ENV` as text; elsewhere there may be no process. */
function isProduction(): boolean {
  const { process } = globalThis as { process?: { env?: { NODE_ENV?: string } } }
  return process?.env?.NODE_ENV === 'production'
}
