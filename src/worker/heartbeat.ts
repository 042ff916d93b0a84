import { JobCancelledError, LeaseLostError } from '../errors.ts'
import type { Beat, BeatAnswer, Signal } from '../storage.ts'
import type { Capsule } from './capsule.ts'
import type { Station } from './station.ts'

/** Tells the storage that the worker lives and what it does; hears who cancelled, robbed or signalled it. */
export class Heartbeat {
  readonly #station: Station
  readonly #capsules: readonly Capsule[]
  #beatenAt: number
  #safeMs: number
  #heard: readonly Signal[] = []
  #isStandby = false
  #isHeard = false

  constructor(station: Station, capsules: readonly Capsule[]) {
    this.#station = station
    this.#capsules = capsules
    this.#beatenAt = station.context.clock.monotonic()
    this.#safeMs = station.plan.leaseMs
  }

  /** True once the storage has heard of the worker. */
  get isHeard(): boolean {
    return this.#isHeard
  }

  /** Milliseconds since the storage last heard of the worker, or since it began. */
  get silentMs(): number {
    return this.#station.context.clock.monotonic() - this.#beatenAt
  }

  /** True while the storage has others perform, as the last beat told. */
  get isStandby(): boolean {
    return this.#isStandby
  }

  async round(): Promise<number> {
    const { context, availability, plan } = this.#station
    const asked = context.clock.monotonic()
    const answer = await this.#beat()
    this.#beatenAt = asked
    this.#isHeard = true
    this.#safeMs = answer.safeMs
    availability.succeeded()
    this.#hear(answer)
    return plan.heartbeatMs
  }

  /** While the storage answers it tells what was lost. While it does not, others may take the jobs over some time. */
  async #beat(): Promise<BeatAnswer> {
    try {
      return await this.#station.storage.beat(this.#report())
    } catch (error) {
      // What is aborted goes back to its queue with the next beat.
      if (this.silentMs > this.#safeMs) for (const capsule of this.#capsules) capsule.abort(leaseIsOver)
      throw error
    }
  }

  #report(): Beat {
    const { worker, plan, about, stopping } = this.#station
    const capsules = this.#capsules
    return {
      worker,
      leaseMs: plan.leaseMs,
      about,
      quiet: stopping,
      heard: this.#heard,
      running: capsules.flatMap((capsule) => [...capsule.tasks.values()].map((task) => task.report())),
      held: capsules.flatMap((capsule) => capsule.held()),
      answered: Object.fromEntries(capsules.map((capsule) => [capsule.name, capsule.answered])),
    }
  }

  #hear({ signals, cancelled, lost, standby }: BeatAnswer): void {
    this.#isStandby = standby === true
    for (const token of cancelled) this.#abort(token, new JobCancelledError('The job was cancelled by app.cancel().'))
    for (const token of lost) this.#abort(token, new LeaseLostError('Another worker has recovered the job.'))
    this.#heard = signals
    for (const signal of signals) this.#station.obey(signal)
  }

  #abort(token: number, reason: Error): void {
    for (const capsule of this.#capsules) capsule.abortOne(token, reason)
  }
}

const leaseIsOver = (): Error => new LeaseLostError('The storage did not hear of the worker for longer than its lease.')
