import type { Clock } from '../clock.ts'
import type { ClaimedJob } from '../storage.ts'

/** A job waits this long for a slot; then it goes back, for another worker may have one. */
const LONGEST_WAIT_MS = 5

/** A storage that answers sooner than this is in the same memory: nothing is gained by asking for more at once. */
const WORTHWHILE_MS = 0.05

/** How much the latest measurement weighs. */
const WEIGHT = 0.2

interface Waiting {
  readonly job: ClaimedJob
  /** Whether the storage counts it as begun already. */
  readonly isBegun: boolean
}

/** What a capsule shall do next: begin these, once the storage knows of it, and ask for so many. */
export interface Order {
  readonly starting: readonly ClaimedJob[]
  /** Those of `starting` that the storage does not count as begun yet. */
  readonly begun: readonly number[]
  /** To begin when they come. */
  readonly room: number
  /** To wait for a slot. */
  readonly ahead: number
}

/**
 * Jobs claimed before there is a slot for them. While jobs are over before the storage could answer, a worker asks for
 * twice as many as it has slots: half of them begin when they come, the others while the next ones are on their way.
 */
export class ReadAhead {
  readonly #clock: Clock
  readonly #slots: number
  #waiting: Waiting[] = []
  #since = 0
  #runMs = Number.POSITIVE_INFINITY
  #callMs = 0

  constructor(clock: Clock, slots: number) {
    this.#clock = clock
    this.#slots = slots
  }

  get size(): number {
    return this.#waiting.length
  }

  get tokens(): number[] {
    return this.#waiting.map(({ job }) => job.token)
  }

  /** Whether jobs are over sooner than a call of the storage. */
  get isOn(): boolean {
    return this.#callMs > WORTHWHILE_MS && this.#runMs < Math.min(this.#callMs, LONGEST_WAIT_MS)
  }

  /** Milliseconds until what waits has waited too long: 0 when it has, undefined when nothing waits. */
  get leftMs(): number | undefined {
    if (this.#waiting.length === 0) return undefined
    return Math.max(0, this.#since + LONGEST_WAIT_MS - this.#clock.monotonic())
  }

  /** @param free how many slots are free now */
  order(free: number): Order {
    const starting = this.#waiting.splice(0, free)
    const jobs = starting.map(({ job }) => job)
    const begun = starting.filter(({ isBegun }) => !isBegun).map(({ job }) => job.token)
    if (!this.isOn) return { starting: jobs, begun, room: free - jobs.length, ahead: 0 }
    // What runs now, and what starts now, will be over when the answer comes; what still waits has its turn first.
    const room = Math.max(0, this.#slots - this.#waiting.length)
    return { starting: jobs, begun, room, ahead: room }
  }

  add(job: ClaimedJob, isBegun: boolean): void {
    if (this.#waiting.length === 0) this.#since = this.#clock.monotonic()
    this.#waiting.push({ job, isBegun })
  }

  /** Whether the job waits; it does so no more. */
  drop(token: number): boolean {
    const index = this.#waiting.findIndex(({ job }) => job.token === token)
    if (index >= 0) this.#waiting.splice(index, 1)
    return index >= 0
  }

  /** All that waits, which is to go back. */
  clear(): readonly ClaimedJob[] {
    const waiting = this.#waiting
    this.#waiting = []
    return waiting.map(({ job }) => job)
  }

  /** What waits, if it has waited too long: the jobs that run are longer than they were. */
  overdue(): readonly ClaimedJob[] {
    if (this.leftMs !== 0) return []
    this.#runMs = Math.max(this.#runMs, LONGEST_WAIT_MS)
    return this.clear()
  }

  /** A job ran for so long. */
  ran(ms: number): void {
    this.#runMs = this.#runMs === Number.POSITIVE_INFINITY ? ms : this.#runMs + WEIGHT * (ms - this.#runMs)
  }

  /** The storage answered after so long. */
  answered(ms: number): void {
    this.#callMs = this.#callMs === 0 ? ms : this.#callMs + WEIGHT * (ms - this.#callMs)
  }
}
