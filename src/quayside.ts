import { App, type AppOptions } from './app.ts'
import { type Context, contextOf } from './context.ts'
import type { Cron } from './cron/cron.ts'
import type { CronEntries } from './cron/entry.ts'
import type { CronListOptions } from './cron/open.ts'
import { OptionError } from './errors.ts'
import { DeadSet, TimedSet } from './inspect/job-set.ts'
import { Queue } from './inspect/queue.ts'
import { METRICS_KEPT_MINUTES } from './metrics.ts'
import type { Middleware, MiddlewareChain } from './middleware.ts'
import { check, describe, oneOf, queueName, wholeNumber } from './options.ts'
import type { Run } from './run.ts'
import type { Finding, MinuteMetrics, QueueState, Signal, StorageStats, WorkerState } from './storage.ts'
import type { Counts, WatchedQueue } from './watch/counts.ts'
import { Lookout } from './watch/lookout.ts'
import type { Watchable } from './watch/watchable.ts'
import type { WatchedJob } from './watch/watched-job.ts'
import { inlinePerformer } from './worker/inline.ts'
import { planWork, type WorkOptions } from './worker/work-options.ts'
import { Worker } from './worker/worker.ts'

/** The whole app: defines and enqueues jobs, performs them, and shows what became of them. */
export class Quayside extends App {
  /** Jobs that are due later. */
  readonly scheduled: TimedSet
  /** Jobs that failed and will be tried again. */
  readonly retries: TimedSet
  /** Jobs that are out of retries. */
  readonly dead: DeadSet
  readonly #context: Context
  readonly #lookout: Lookout

  constructor(options: AppOptions) {
    super(options, inlinePerformer)
    this.#context = contextOf(this)
    this.scheduled = new TimedSet(this.#context, 'scheduled')
    this.retries = new TimedSet(this.#context, 'retry')
    this.dead = new DeadSet(this.#context)
    this.#lookout = new Lookout(this.#context)
  }

  /** Sees each run of a job; `app.useWorker(fn)` adds to it. */
  get workerMiddleware(): MiddlewareChain<Run> {
    return this.#context.workerMiddleware
  }

  /** Adds a worker middleware, innermost. The chain `app.workerMiddleware` can do more. */
  useWorker(middleware: Middleware<Run>): this {
    this.workerMiddleware.add(middleware)
    return this
  }

  /**
   * Starts a worker in this process. Throws OptionError for a wrong option and in a testing mode, ClosedError after
   * `close`.
   */
  work(options: WorkOptions = {}): Worker {
    this.assertOpen()
    const { ground, workers } = this.#context
    const plan = planWork(options, this.#context)
    if (ground.noWorker) throw new OptionError(`app.work(): ${ground.noWorker}`)
    const worker = new Worker(plan, this.#context)
    workers.add(worker)
    const forget = this.on('worker:stopped', (event) => {
      if (event.worker !== worker.id) return
      workers.delete(worker)
      forget()
    })
    worker.start()
    return worker
  }

  /**
   * Lists the periodic jobs of this app, which tick while one of its workers runs: a worker that starts makes what is
   * stored follow the list. Without entries the list stays as it is. Answers the handle of all that are stored. Rejects
   * with OptionError, or ArgumentError, naming the entry. Its code is loaded when this is first called.
   */
  async cron<All extends Record<string, unknown[]>>(
    entries?: CronEntries<All>,
    options: CronListOptions = {},
  ): Promise<Cron> {
    const { openCron } = await import('./cron/open.ts')
    return openCron(this.#context, entries, options)
  }

  /**
   * Cancels a job wherever it is: 'waiting' when it will not run, 'running' when its worker is told (its signal fires
   * with a JobCancelledError), 'gone' when it is done, dead or unknown.
   */
  async cancel(jid: string): Promise<'waiting' | 'running' | 'gone'> {
    if (typeof jid !== 'string') throw new OptionError(`app.cancel() takes a jid; got ${describe(jid)}.`)
    return (await this.#context.storage()).cancel(jid)
  }

  /** A queue by name, whether it holds anything or not. */
  queue(name: string): Queue {
    check('app.queue(): the name', name, queueName)
    return new Queue(this.#context, name)
  }

  /** All queues, by name. */
  async queues(): Promise<QueueState[]> {
    return (await this.#context.storage()).queues()
  }

  /** All workers that live, in every process, and what they perform. */
  async workers(): Promise<WorkerState[]> {
    return (await this.#context.storage()).workers()
  }

  /** Asks a worker, by its id, to be quiet, to stop, or to log what runs. False when there is no such worker. */
  async signal(worker: string, signal: Signal): Promise<boolean> {
    check('app.signal(): the signal', signal, oneOf('quiet', 'stop', 'dump'))
    return (await this.#context.storage()).signal(worker, signal)
  }

  /** Sizes and totals, and the totals of the last days (UTC), newest first. */
  async stats(options: { readonly days?: number } = {}): Promise<StorageStats> {
    const { days = 30 } = options
    check('app.stats(): days', days, wholeNumber(0, 1_826))
    return (await this.#context.storage()).stats(days)
  }

  /**
   * Runs and how long they took, by job and by the minute, of the last `minutes` (60; at most 480), oldest first. With a
   * `job` only its own, with how many took how long (`durations`, by the bounds of Sidekiq's metrics).
   */
  async metrics(options: { readonly minutes?: number; readonly job?: string } = {}): Promise<MinuteMetrics[]> {
    const { minutes = 60, job } = options
    check('app.metrics(): minutes', minutes, wholeNumber(1, METRICS_KEPT_MINUTES))
    return (await this.#context.storage()).metrics({ minutes, job })
  }

  /**
   * Calls `onChange` with sizes and totals, soon and then whenever they changed, whoever changed them: a tab, a process.
   * With `{ queue }` only with those of a queue, with `{ jid }` with what is known of a job. Never twice at a time, at
   * most every 100 ms, never after `stop()`. What the callback throws is reported. A storage that is away delays it.
   * Answers `stop`. Throws OptionError for what cannot be watched, ClosedError after `close`, which ends all watches.
   */
  watch(onChange: (counts: Counts) => unknown): () => void
  watch(what: { readonly queue: string }, onChange: (queue: WatchedQueue) => unknown): () => void
  watch(what: { readonly jid: string }, onChange: (job: WatchedJob) => unknown): () => void
  watch(...args: [(state: never) => unknown] | [Watchable, (state: never) => unknown]): () => void {
    this.assertOpen()
    const [what, onChange] = args.length === 1 ? [{}, args[0]] : args
    return this.#lookout.watch(what, onChange)
  }

  /** What the store tells of its own health, for `quayside doctor` and its like; nothing where it cannot tell. */
  async examine(): Promise<Finding[]> {
    return (await (await this.#context.storage()).examine?.()) ?? []
  }

  /** Deletes everything in this app's namespace: jobs, statistics, locks. For tests and demos. */
  async clear(): Promise<void> {
    await (await this.#context.storage()).wipe()
  }

  /** Stops the workers that this app started, ends its watches, then closes the storage. */
  override async close(): Promise<void> {
    this.#lookout.close()
    await Promise.all([...this.#context.workers].map((worker) => worker.stop()))
    await super.close()
  }
}
