import type { Context } from '../context.ts'
import { aDuration, type Duration, toMs } from '../duration.ts'
import { ShutdownError } from '../errors.ts'
import type { JobEvent } from '../events.ts'
import { checkOptions } from '../options.ts'
import { report } from '../report.ts'
import type { Progress, Signal, Storage, WorkerAbout } from '../storage.ts'
import { Availability } from './availability.ts'
import { Crew } from './crew.ts'
import { Measurer } from './measurer.ts'
import { NetworkGate } from './network-gate.ts'
import { SoloGate } from './solo-gate.ts'
import type { Station } from './station.ts'
import { within } from './within.ts'
import type { WorkPlan } from './work-options.ts'

export type WorkerStatus = 'starting' | 'running' | 'quiet' | 'stopping' | 'stopped'

/** The truth about a worker, for health checks. */
export interface WorkerHealth {
  readonly status: WorkerStatus
  /**
   * False until the storage has heard of the worker, while it does not answer, while the worker is on standby, and once
   * it is quiet.
   */
  readonly claiming: boolean
  /** True while another performs, and this worker waits for its turn: another tab of the same site, say. */
  readonly standby: boolean
  readonly running: number
  /** Runs that ignored their signal. Their slots are free again, but they may still be going on. */
  readonly abandoned: number
  /** Milliseconds since the storage last heard of the worker; undefined before it first did. */
  readonly silentMs: number | undefined
}

/** A run that goes on in this process. */
export interface RunningNow {
  readonly jid: string
  /** The job's name. */
  readonly job: string
  readonly queue: string
  readonly attempt: number
  readonly runningMs: number
  /** What its handler last told with `this.progress()`. */
  readonly progress: Progress | undefined
}

export interface StopOptions {
  /** How long running jobs may go on before they are aborted. Default: the worker's `timeout`. */
  readonly timeout?: Duration
}

/** How a worker ended. */
export interface Stopped {
  /** Jobs that were given back unfinished. They lost no attempt. */
  readonly unfinished: readonly JobEvent[]
}

/** How long an end waits for what ought to be quick: aborted jobs, and a storage that may not answer. */
const LAST_WORDS_MS = 5_000

const STOP_OPTIONS = { timeout: aDuration }

/**
 * The running consumer. `app.work()` makes and starts it; it works until it is stopped, whatever the storage, the jobs
 * or the listeners do.
 */
export class Worker {
  /** `name:nonce`. A worker that starts again is another worker. */
  readonly id: string
  /** Its queues, capsules and whatever else it tells about itself. */
  readonly about: WorkerAbout
  readonly #context: Context
  readonly #plan: WorkPlan
  readonly #availability: Availability
  #status: WorkerStatus = 'starting'
  #crew: Crew | undefined
  #starting: Promise<void> | undefined
  #stopping: Promise<Stopped> | undefined

  constructor(plan: WorkPlan, context: Context) {
    const { clock } = context
    this.#plan = plan
    this.#context = context
    this.#availability = new Availability(context)
    this.about = aboutOf(plan, clock.now())
    this.id = `${plan.name}:${clock.id().slice(0, 12)}`
  }

  /** Opens the storage and begins. Safe to call twice. Tries until the storage can be opened. */
  start(): void {
    this.#starting ??= this.#start()
  }

  /** Claims no more; what runs goes on, its `this.stopping` true. There is no way back. */
  async quiet(): Promise<void> {
    if (this.#status !== 'starting' && this.#status !== 'running') return
    this.#status = 'quiet'
    this.#context.logger.info({ worker: this.id }, 'the worker is quiet: it claims no more jobs')
    this.#context.events.emit('worker:quiet', { worker: this.id })
    this.#crew?.wake('signal')
  }

  /**
   * Quiet at once; then running jobs may finish until the timeout, are aborted by their signal, and what is still
   * unfinished goes back to the front of its queue. Resolves within the timeout and a few seconds. Calls after the
   * first get the first one's answer.
   */
  stop(options: StopOptions = {}): Promise<Stopped> {
    checkOptions('worker.stop()', options, STOP_OPTIONS)
    const timeoutMs = options.timeout === undefined ? this.#plan.timeoutMs : toMs(options.timeout, 'timeout')
    this.#stopping ??= this.#stop(timeoutMs)
    return this.#stopping
  }

  health(): WorkerHealth {
    const { capsules = [], heartbeat } = this.#crew ?? {}
    const isHeard = heartbeat?.isHeard === true
    const standby = heartbeat?.isStandby === true
    return {
      status: this.#status,
      claiming: this.#status === 'running' && isHeard && this.#availability.isUp && !standby,
      standby,
      running: capsules.reduce((sum, capsule) => sum + capsule.tasks.size, 0),
      abandoned: capsules.reduce((sum, capsule) => sum + capsule.abandoned, 0),
      silentMs: isHeard ? heartbeat.silentMs : undefined,
    }
  }

  /** What it performs now. */
  running(): RunningNow[] {
    const now = this.#context.clock.now()
    const tasks = (this.#crew?.capsules ?? []).flatMap((capsule) => [...capsule.tasks.values()])
    return tasks.map((task) => {
      const { jid, attempt, queue, payload } = task
      const { startedAt, progress } = task.report()
      return { jid, job: payload.class, queue, attempt, runningMs: now - startedAt, progress }
    })
  }

  get #isStopping(): boolean {
    return this.#status !== 'starting' && this.#status !== 'running'
  }

  async #start(): Promise<void> {
    const storage = await this.#openStorage()
    if (!storage || this.#isStopping) return
    this.#crew = new Crew(this.#station(storage))
    this.#status = 'running'
    const { queues, concurrency } = this.about
    this.#context.logger.info({ worker: this.id, queues: queues.join(','), concurrency }, 'the worker has started')
    this.#context.events.emit('worker:started', { worker: this.id })
    this.#crew.start()
  }

  #station(storage: Storage): Station {
    const worker = this
    return {
      context: this.#context,
      storage,
      availability: this.#availability,
      gate: new SoloGate(),
      network: new NetworkGate(this.#context, this.id),
      measurer: new Measurer(),
      plan: this.#plan,
      worker: this.id,
      about: this.about,
      get stopping() {
        return worker.#isStopping
      },
      obey: (signal) => this.#obey(signal),
    }
  }

  /** Workers wait for ever: a storage that is away now may be there in a minute. */
  async #openStorage(): Promise<Storage | undefined> {
    const { clock } = this.#context
    while (!this.#isStopping) {
      try {
        const storage = await this.#context.storage()
        this.#availability.succeeded()
        return storage
      } catch (error) {
        this.#availability.failed(error)
        await new Promise<void>((resolve) => clock.after(500 + clock.random() * 500, resolve))
      }
    }
    return undefined
  }

  async #stop(timeoutMs: number): Promise<Stopped> {
    await this.quiet()
    this.#status = 'stopping'
    const unfinished = this.#crew ? await this.#dismiss(this.#crew, timeoutMs) : []
    this.#status = 'stopped'
    this.#context.logger.info({ worker: this.id, unfinished: unfinished.length }, 'the worker has stopped')
    this.#context.events.emit('worker:stopped', { worker: this.id, unfinished: unfinished.length })
    return { unfinished }
  }

  async #dismiss(crew: Crew, timeoutMs: number): Promise<Stopped['unfinished']> {
    const { clock } = this.#context
    if (!(await within(clock, timeoutMs, crew.idle()))) {
      for (const capsule of crew.capsules)
        capsule.abort(() => new ShutdownError('The worker stops; the job will run again.'))
      await within(clock, LAST_WORDS_MS, crew.idle())
    }
    if (!(await within(clock, LAST_WORDS_MS, crew.stop()))) crew.giveUp()
    await within(clock, LAST_WORDS_MS, this.#retire(crew))
    return crew.capsules.flatMap((capsule) => capsule.unfinished)
  }

  async #retire(crew: Crew): Promise<void> {
    try {
      await crew.retire()
    } catch (error) {
      report(
        this.#context,
        error,
        'the worker could not give back its jobs; others recover them when its lease is over',
      )
    }
  }

  #obey(signal: Signal): void {
    if (signal === 'quiet') this.quiet()
    else if (signal === 'stop') this.stop()
    else for (const run of this.running()) this.#context.logger.info({ worker: this.id, ...run }, 'running')
  }
}

function aboutOf({ capsules, tag, labels }: WorkPlan, startedAt: number): WorkerAbout {
  const byName = capsules.map(({ name, concurrency, order, weights }) => {
    return [name, { concurrency, order, weights: Object.fromEntries(weights) }] as const
  })
  return {
    startedAt,
    tag,
    labels,
    queues: [...new Set(capsules.flatMap(({ weights }) => [...weights.keys()]))],
    concurrency: capsules.reduce((sum, { concurrency }) => sum + concurrency, 0),
    capsules: Object.fromEntries(byName),
  }
}
