import type { Context } from '../context.ts'
import type { MalformedPayloadError } from '../errors.ts'
import { type Payload, parsePayload } from '../payload.ts'
import { Run } from '../run.ts'
import type { ClaimedJob, RunReport, Settlement } from '../storage.ts'

/** How long a run may go on after its signal has fired; then its slot is freed and what it answers is dropped. */
const PATIENCE_MS = 2_000

/** A claimed job in a worker's hands, from its claim to its settlement; and, to its handler, the run. */
export class Task extends Run {
  readonly job: ClaimedJob
  /** Set when the text is no payload; `payload` is then empty. */
  readonly malformed: MalformedPayloadError | undefined
  readonly startedAt: number
  /** The unique lock that the job holds, if any. Noted before the handler sees the payload. */
  readonly lock: Settlement['unlock']
  /** Whether it waits while the network is away. Noted as early, too. */
  readonly requiresNetwork: boolean
  /** True when the run did not end in time after its signal. */
  isAbandoned = false
  declare protected readonly context: Context
  readonly #worker: { readonly stopping: boolean }
  #giveUp: ((reason: Error) => void) | undefined
  #cancelPatience: (() => void) | undefined

  constructor(job: ClaimedJob, context: Context, worker: { readonly stopping: boolean }) {
    let payload: Payload = { class: '', args: [], jid: '', queue: job.queue }
    let malformed: MalformedPayloadError | undefined
    try {
      payload = parsePayload(job.text)
    } catch (error) {
      malformed = error as MalformedPayloadError
    }
    super(payload, job.queue, context)
    this.job = job
    this.malformed = malformed
    this.lock = typeof payload.unique_key === 'string' ? { key: payload.unique_key, owner: payload.jid } : undefined
    this.requiresNetwork = payload.requires === 'network'
    this.startedAt = context.clock.now()
    this.#worker = worker
  }

  override get stopping(): boolean {
    return this.#worker.stopping
  }

  /** Why the run was told to end. */
  get abortedBy(): Error | undefined {
    return this.reason
  }

  /** Tells the run to end, once: the first reason counts. */
  abort(reason: Error): void {
    if (this.reason) return
    if (this.#giveUp) this.#cancelPatience = this.context.clock.after(PATIENCE_MS, () => this.#abandon(reason))
    this.fire(reason)
  }

  #abandon(reason: Error): void {
    this.isAbandoned = true
    this.#giveUp?.(reason)
  }

  /** What `running` settles to; or the reason it was told to end for, if it does not settle in time after that. */
  orGivenUp<T>(running: PromiseLike<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#giveUp = reject
      running.then(resolve, reject)
    })
  }

  /** Lets go of the timers. */
  end(): void {
    this.#cancelPatience?.()
    this.#giveUp = undefined
  }

  /** What the heartbeat reports. */
  report(): RunReport {
    const { startedAt, told } = this
    const { token } = this.job
    return told ? { token, startedAt, progress: told } : { token, startedAt }
  }
}
