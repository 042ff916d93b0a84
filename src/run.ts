import type { Context } from './context.ts'
import { OptionError } from './errors.ts'
import { type Logger, silentLogger, withFields } from './logger.ts'
import { describe } from './options.ts'
import type { Payload } from './payload.ts'
import type { Quayside } from './quayside.ts'
import type { Progress } from './storage.ts'

/** One run of a job: the `this` of its `perform`. */
export class Run {
  /** The whole record. Changing it changes nothing that is stored. */
  readonly payload: Payload
  /** The queue that the job was taken from. */
  readonly queue: string
  protected readonly context: Context | undefined
  /** Why the run was told to end. */
  protected reason: Error | undefined
  protected told: Progress | undefined
  #controller: AbortController | undefined
  #log: Logger | undefined

  /** @param context undefined for a plain `Job.perform()`, which no app runs */
  constructor(payload: Payload, queue: string, context: Context | undefined) {
    this.payload = payload
    this.queue = queue
    this.context = context
  }

  get jid(): string {
    return this.payload.jid
  }

  /** 1 in the first run, one more in each retry. */
  get attempt(): number {
    return failuresOf(this.payload) + 1
  }

  /** The time of the tick that enqueued the job, however late it runs; undefined for a job of no tick. */
  get tickAt(): Date | undefined {
    const { at } = Object(this.payload.cron) // anybody may have stored anything
    const tickAt = new Date(typeof at === 'string' ? at : Number.NaN)
    return Number.isNaN(tickAt.getTime()) ? undefined : tickAt
  }

  /** The app that runs the job. Throws OptionError in a plain `Job.perform()`. */
  get app(): Quayside {
    if (this.context) return this.context.app as Quayside // only the whole app runs jobs
    throw new OptionError('this.app is missing: perform() was called directly; use performInline() to run in the app.')
  }

  /**
   * Aborts when the run should end: its reason is a JobTimeoutError, JobCancelledError, ShutdownError or
   * LeaseLostError. Two seconds later the worker goes on without a run that has not ended.
   */
  get signal(): AbortSignal {
    // Made when first asked for: most handlers never do, and a controller costs more than the rest of a short run.
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.reason) this.#controller.abort(this.reason)
    }
    return this.#controller.signal
  }

  /** True from the moment the worker was asked to be quiet or to stop: a good time to come to an end. */
  get stopping(): boolean {
    return false
  }

  /** The app's logger, each line with jid, job, queue and attempt. Silent in a plain `Job.perform()`. */
  get log(): Logger {
    const { jid, class: job } = this.payload
    const { queue, attempt } = this
    this.#log ??= this.context ? withFields(this.context.logger, { jid, job, queue, attempt }) : silentLogger
    return this.#log
  }

  /**
   * Tells how far the run is; shown by `app.workers()` from the next heartbeat on.
   *
   * @param total what `done` counts up to; without it, `done` is a fraction of 1
   */
  progress(done: number, total?: number, note?: string): void {
    if (!Number.isFinite(done) || !Number.isFinite(total ?? 0)) {
      throw new OptionError(`this.progress() takes finite numbers; got ${describe(done)} of ${describe(total)}.`)
    }
    this.told = { done, ...(total === undefined ? {} : { total }), ...(note === undefined ? {} : { note }) }
  }

  /** Fires the signal, if anybody has asked for it. */
  protected fire(reason: Error): void {
    this.reason = reason
    this.#controller?.abort(reason)
  }
}

/** How many runs have failed: one more than `retry_count`, which others have stored and may be anything. */
export function failuresOf({ retry_count: count }: Payload): number {
  return Number.isSafeInteger(count) ? Math.max(0, (count as number) + 1) : 0
}
