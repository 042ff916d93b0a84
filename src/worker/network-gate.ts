import type { Context } from '../context.ts'
import { hasCode } from '../errors.ts'
import { probeDelayMs } from './backoff.ts'
import type { Outcome } from './execute.ts'
import type { Task } from './task.ts'

/** A probe that has no news for so long hangs, or uploads a film: the next one does not wait for it. */
const PATIENCE_MS = 15_000

/** So long it still has after a hint. */
const HINTED_MS = 1_000

/** Whether jobs wait for the network, and whether one has found it there since they were seen. */
type News = 'none wait' | 'some wait' | 'it is there'

/**
 * Knows whether a worker has a network: by what becomes of its jobs, for nothing else can be believed. Open at first. A
 * job that finds the network away closes it; then one job at a time is let through as a probe, until one finds the
 * network there.
 */
export class NetworkGate {
  readonly #context: Context
  readonly #worker: string
  #isOpen = true
  #isMet = false
  #closedAt = 0
  /** Grows when the gate opens or closes. A run has news of the era in which it began only. */
  #era = 0
  readonly #begun = new WeakMap<Task, number>()
  #probe: Task | undefined
  #failedProbes = 0
  #nextProbeAt = 0
  #news: News = 'none wait'
  #lastParkedAt = 0
  /** Called when what was to be done, or when, has changed. */
  onTurn: (() => void) | undefined

  constructor(context: Context, worker: string) {
    this.#context = context
    this.#worker = worker
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Whether there ever was a job that requires the network. */
  get isMet(): boolean {
    return this.#isMet
  }

  /** True when a job has found the network there since others were seen waiting for it. */
  get isProven(): boolean {
    return this.#news === 'it is there'
  }

  /** Milliseconds until the next probe may begin; 0 when it may, and while the gate is open. */
  get waitMs(): number {
    return this.#isOpen ? 0 : Math.max(0, this.#nextProbeAt - this.#context.clock.monotonic())
  }

  /** Whether a job may begin. If the gate is closed, it is the probe then. */
  admits(task: Task): boolean {
    if (!task.requiresNetwork) return true
    this.#isMet = true
    if (this.waitMs > 0) return false
    this.#begun.set(task, this.#era)
    if (!this.#isOpen) {
      this.#probe = task
      this.#probeIn(PATIENCE_MS)
    }
    return true
  }

  /** A job that was admitted has ended. */
  ended(task: Task, outcome: Outcome): void {
    if (this.#begun.get(task) !== this.#era) return
    if (isAnswered(outcome)) this.#found()
    else if (this.#isOpen && outcome.kind === 'parked') this.#close(outcome.error)
    else if (task === this.#probe) this.#probeFailed(outcome)
  }

  /** The network may be back. What began before has a second more, then somebody else tries. */
  hint(): void {
    this.#failedProbes = 0
    this.#probeIn(this.#probe ? Math.min(this.waitMs, HINTED_MS) : 0)
  }

  /** Jobs that wait for the network were looked for. */
  looked(isAnyWaiting: boolean): void {
    if (!isAnyWaiting) this.#news = 'none wait'
    else if (this.#news === 'none wait') this.#news = 'some wait'
  }

  /** The time at which a job is parked. No two have the same: by that they keep their order. */
  parkedAt(): number {
    this.#lastParkedAt = Math.max(this.#context.clock.now(), this.#lastParkedAt + 1)
    return this.#lastParkedAt
  }

  #found(): void {
    if (!this.#isOpen) this.#open()
    else if (this.#news === 'some wait') this.#news = 'it is there'
    else return
    this.onTurn?.()
  }

  #open(): void {
    const { clock, logger, events } = this.#context
    const awayMs = clock.monotonic() - this.#closedAt
    this.#turn(true)
    this.#news = 'it is there'
    logger.info({ worker: this.#worker, awayMs: Math.round(awayMs) }, 'the network is back')
    events.emit('network:back', { worker: this.#worker, awayMs })
  }

  #close(error: Error): void {
    const { clock, logger, events } = this.#context
    this.#turn(false)
    this.#closedAt = clock.monotonic()
    this.#news = 'some wait'
    this.#probeLater()
    logger.warn({ worker: this.#worker, reason: error.message }, 'the network is away; jobs that require it wait')
    events.emit('network:lost', { worker: this.#worker, error })
  }

  #turn(isOpen: boolean): void {
    this.#isOpen = isOpen
    this.#era++
    this.#probe = undefined
    this.#failedProbes = 0
  }

  /** One that was cancelled, or had expired, has told nothing, and the next may begin at once. */
  #probeFailed({ kind }: Outcome): void {
    this.#probe = undefined
    if (kind === 'parked' || kind === 'failed') this.#probeLater()
    else this.#probeIn(0)
  }

  #probeLater(): void {
    this.#probeIn(probeDelayMs(this.#failedProbes++, () => this.#context.clock.random()))
  }

  #probeIn(ms: number): void {
    this.#nextProbeAt = this.#context.clock.monotonic() + ms
    this.onTurn?.()
  }
}

/**
 * Whether a run went its way, to whichever end. A job that ran out of time may have waited for an answer, and one that
 * nobody here knows has asked for none.
 */
function isAnswered(outcome: Outcome): boolean {
  if (outcome.kind !== 'failed') return outcome.kind === 'completed'
  return !hasCode(outcome.error, 'ERR_JOB_TIMEOUT') && !hasCode(outcome.error, 'ERR_UNKNOWN_JOB')
}
