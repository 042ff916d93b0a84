import type { Context } from '../context.ts'
import { type Duration, toMs } from '../duration.ts'
import { OptionError } from '../errors.ts'
import { isDate } from '../job-options.ts'
import { describe, queueName } from '../options.ts'
import { replaceFields } from '../payload-text.ts'
import { tellDeathHandlers } from '../report.ts'
import type { Move } from '../storage.ts'
import type { StoredJob } from './stored-job.ts'
import { StoredJobs } from './stored-jobs.ts'

/** The dead set: jobs that are out of retries. */
export class DeadSet extends StoredJobs {
  constructor(context: Context) {
    super(context, 'dead')
  }

  /** Enqueues a job again, by jid or as found; its next failure is one retry less than it was. */
  async retry(job: StoredJob | string): Promise<boolean> {
    return (await this.moveOne(job, this.#toQueue)) !== undefined
  }

  /** Enqueues these jobs again, each if it is still here; answers how many were. */
  async retryMany(jobs: readonly StoredJob[]): Promise<number> {
    return this.moveMany(jobs, this.#toQueue)
  }

  async retryAll(): Promise<number> {
    return this.moveAll(this.#toQueue)
  }

  #toQueue = (job: StoredJob): Move => toQueue(job, this.context, true)
}

/** The scheduled set and the retry set: jobs that are due some time. */
export class TimedSet extends StoredJobs {
  readonly #set: 'scheduled' | 'retry'

  constructor(context: Context, set: 'scheduled' | 'retry') {
    super(context, set)
    this.#set = set
  }

  /** Enqueues a job now, by jid or as found. In the retry set the attempt does not count, as in Sidekiq. */
  async retry(job: StoredJob | string): Promise<boolean> {
    return (await this.moveOne(job, this.#toQueue)) !== undefined
  }

  /** Enqueues these jobs now, each if it is still here; answers how many were. */
  async retryMany(jobs: readonly StoredJob[]): Promise<number> {
    return this.moveMany(jobs, this.#toQueue)
  }

  async retryAll(): Promise<number> {
    return this.moveAll(this.#toQueue)
  }

  /** Sends a job to the dead set, and tells the death handlers of this app. */
  async kill(job: StoredJob | string): Promise<boolean> {
    const killed = await this.moveOne(job, toDead)
    if (killed?.payload) await tellDeathHandlers(this.context, killed.payload, new Error('The job was killed by hand.'))
    return killed !== undefined
  }

  /** Sends these jobs to the dead set, each if it is still here; answers how many were. Death handlers are not told. */
  async killMany(jobs: readonly StoredJob[]): Promise<number> {
    return this.moveMany(jobs, toDead)
  }

  /** Sends all to the dead set. As in Sidekiq, death handlers are not told. */
  async killAll(): Promise<number> {
    return this.moveAll(toDead)
  }

  /** Makes a job due at another time: a Date, or a duration from now. */
  async reschedule(job: StoredJob | string, when: Date | Duration): Promise<boolean> {
    const delayMs = this.#delayMs(when)
    return (await this.moveOne(job, ({ key }) => ({ key, to: { set: this.#set, delayMs } }))) !== undefined
  }

  #toQueue = (job: StoredJob): Move => toQueue(job, this.context, this.#set === 'retry')

  #delayMs(when: Date | Duration): number {
    if (isDate(when)) return when.getTime() - this.context.clock.now()
    if (when instanceof Date) throw new OptionError(`reschedule(): when must be a valid Date; got ${describe(when)}.`)
    return toMs(when, 'reschedule(): when')
  }
}

const toDead = ({ key }: StoredJob): Move => ({ key, to: 'dead' })

/** Bytes that are no job stay as they are, and go where a worker finds out again. */
function toQueue({ key, text, payload }: StoredJob, { clock, stamp }: Context, isRetry: boolean): Move {
  if (!payload) return { key, to: { queue: 'default' } }
  const fields: Record<string, unknown> = { enqueued_at: stamp(clock.now()), waiting_for: undefined }
  if (isRetry && typeof payload.retry_count === 'number') fields.retry_count = payload.retry_count - 1
  const queue = queueName.test(payload.queue) ? payload.queue : 'default'
  return { key, to: { queue }, text: replaceFields(text, fields) }
}
