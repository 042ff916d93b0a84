import { soonest } from '../../adapters/memory/places.ts'
import type { StoredJob } from '../../adapters/memory/store.ts'
import type { App } from '../app.ts'
import { DURATION_EXPECTED, type Duration, durationMs, toMs } from '../duration.ts'
import { OptionError } from '../errors.ts'
import type { Job } from '../job.ts'
import { isDate } from '../job-options.ts'
import { aBoolean, checkOptions, type Rules, rule, wholeNumber } from '../options.ts'
import { parsePayload } from '../payload.ts'
import { performJob } from './perform.ts'
import { groundOf, jobsOf, jobsOn, nameOf, type Selector, type Target } from './target.ts'
import type { TestGround } from './test-ground.ts'
import type { EnqueuedJob } from './waiting.ts'

export interface DrainOptions {
  /** Travel there, through all that becomes due on the way: to an instant, or so far from now. Default: stay. */
  readonly until?: Date | Duration
  /**
   * true: a job that fails goes through its retries, as far as `until` if that is given. false: it throws its error
   * here. Default: true with `until`, else false.
   */
  readonly retries?: boolean
  /** Runs after which it is taken for endless: jobs that enqueue themselves. Default 100,000. */
  readonly limit?: number
}

const DRAIN_OPTIONS: Rules = {
  until: rule(`a valid Date, or ${DURATION_EXPECTED}`, (value) => isDate(value) || durationMs(value) !== undefined),
  retries: aBoolean,
  limit: wholeNumber(1),
}

const DEFAULT_LIMIT = 100_000

/**
 * Performs the jobs that can run now, of one job or of the whole app, the one that has waited longest first, and those
 * that are enqueued meanwhile, until none is left. A job that fails is settled as in production, and then its error is
 * thrown here; `retries: true` takes it through its retries instead. Time stands still during a run. Answers how many
 * runs there were.
 */
export async function drain(target: Target, options: DrainOptions = {}): Promise<number> {
  return drainSelected('drain', target, jobsOf(target), options)
}

/** As `drain`, for the jobs of one queue. */
export async function drainQueue(app: App, queue: string, options: DrainOptions = {}): Promise<number> {
  return drainSelected('drainQueue', app, jobsOn('drainQueue', queue), options)
}

/**
 * Lets time pass for an app: performs what can run, travels to each moment at which a scheduled job, a retry, a
 * periodic job or a timeout is due, and so on to the end. Failures go their way and throw nothing here. Answers how
 * many runs there were.
 */
export async function advance(app: App, duration: Duration): Promise<number> {
  toMs(duration, 'advance(): the duration')
  return drainSelected('advance', app, jobsOf(app), { until: duration })
}

/**
 * Performs the job that has waited longest, and answers what it was. What it throws, this throws, after it was settled.
 * Throws OptionError when none can run now.
 */
export async function performOne<Args extends unknown[]>(job: Job<Args>): Promise<EnqueuedJob<Args>>
export async function performOne(app: App): Promise<EnqueuedJob>
export async function performOne(target: Target): Promise<EnqueuedJob> {
  const ground = groundOf('performOne', target)
  return ground.perform(async () => {
    await comeToRest(ground)
    const job = nextJob(ground, jobsOf(target))
    if (!job) throw new OptionError(`performOne(): no job${ofTarget(target)} can run now.`)
    const payload = parsePayload(job.text)
    const performed = await performJob(ground, job)
    if (performed?.error) throw performed.error
    return payload
  })
}

async function drainSelected(call: string, target: Target, isMeant: Selector, options: DrainOptions): Promise<number> {
  checkOptions(`${call}()`, options, DRAIN_OPTIONS)
  const ground = groundOf(call, target)
  return ground.perform(() => new Journey(call, ground, isMeant, options).travel())
}

/** From now to some time: what can run is performed, then time moves on to when more can. */
class Journey {
  readonly #call: string
  readonly #ground: TestGround
  readonly #isMeant: Selector
  readonly #until: number | undefined
  readonly #retries: boolean
  readonly #limit: number
  #runs = 0

  constructor(call: string, ground: TestGround, isMeant: Selector, options: DrainOptions) {
    const { until, retries = until !== undefined, limit = DEFAULT_LIMIT } = options
    this.#call = call
    this.#ground = ground
    this.#isMeant = isMeant
    this.#until = until === undefined ? undefined : instantOf(until, ground.clock.now())
    this.#retries = retries
    this.#limit = limit
  }

  async travel(): Promise<number> {
    const { clock } = this.#ground
    await this.#performAll()
    for (let at = await this.#nextStop(); at !== undefined; at = await this.#nextStop()) {
      await clock.travelTo(at)
      await this.#performAll()
    }
    if (this.#until !== undefined) await clock.travelTo(this.#until)
    return this.#runs
  }

  async #performAll(): Promise<void> {
    await this.#ground.tick()
    await comeToRest(this.#ground)
    for (let job = this.#next(); job; job = this.#next()) {
      const performed = await performJob(this.#ground, job)
      if (performed?.error && !this.#retries) throw performed.error
      await comeToRest(this.#ground)
    }
  }

  #next(): StoredJob | undefined {
    const job = nextJob(this.#ground, this.#isMeant)
    if (job && ++this.#runs > this.#limit) {
      throw new OptionError(
        `${this.#call}(): ${this.#limit} runs, and ${parsePayload(job.text).class} still waits: does it enqueue itself without end?`,
      )
    }
    return job
  }

  /** The next moment at which something is due, if the journey goes so far. */
  async #nextStop(): Promise<number | undefined> {
    await this.#ground.tick() // a job may have changed the periodic ones
    const { store, clock, nextTickAt } = this.#ground
    const at = earliest(earliest(soonest(store).first?.at, clock.nextTimerAt), nextTickAt)
    const end = this.#until ?? (this.#retries && [...store.retry].some(this.#isMeant) ? Number.POSITIVE_INFINITY : 0)
    return at !== undefined && at <= end ? at : undefined
  }
}

/** Pushes that nobody awaited are stored, and what is due is in its queue. */
async function comeToRest(ground: TestGround): Promise<void> {
  await ground.landed()
  await ground.storage().promote(Number.POSITIVE_INFINITY)
}

/** Of the jobs that can run, the one that has waited longest where it is. */
function nextJob({ store }: TestGround, isMeant: Selector): StoredJob | undefined {
  let next: StoredJob | undefined
  for (const [name, queue] of store.queues) {
    if (store.paused.has(name)) continue
    for (const job of queue) {
      if (next && job.seq > next.seq) break
      if (!isMeant(job)) continue
      next = job
      break
    }
  }
  return next
}

function instantOf(until: Date | Duration, now: number): number {
  return isDate(until) ? until.getTime() : now + toMs(until, 'until')
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}

function ofTarget(target: Target): string {
  const name = nameOf(target)
  return name === undefined ? '' : ` of '${name}'`
}
