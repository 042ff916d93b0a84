import type { Clock } from '../clock.ts'
import type { ClaimedJob } from '../storage.ts'

/** A job waits this long for a slot; then it goes back, for another worker may have one. */
const LONGEST_WAIT_MS = 5

/** A storage that answers sooner than this is in the same memory: nothing is gained by asking for more at once. */
const WORTHWHILE_MS = 0.05

/** A worker of fewer slots may read ahead as many as this, if so many are over before the storage could answer. */
const LEAST_WINDOW = 16

/** How much the latest measurement weighs. */
const WEIGHT = 0.2

interface Waiting {
  readonly job: ClaimedJob
  readonly since: number
  /** Whether the storage counts it as begun already. */
  isBegun: boolean
}

/** What a capsule shall do next: begin these, once the storage knows of it, and ask for so many. */
export interface Order {
  readonly starting: readonly ClaimedJob[]
  /** What will have begun before the answer comes, and does not count as begun yet. */
  readonly begun: readonly number[]
  /** To begin when they come. */
  readonly room: number
  /** To wait for a slot. */
  readonly ahead: number
}

/**
 * Jobs claimed before there is a slot for them. While jobs are over before the storage could answer, a worker asks for
 * twice as many as it can do meanwhile: half of them begin when they come, the others while the next ones are on their
 * way.
 */
export class ReadAhead {
  readonly #clock: Clock
  readonly #slots: number
  #waiting: Waiting[] = []
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
    return Math.max(0, (this.#waiting[0] as Waiting).since + LONGEST_WAIT_MS - this.#clock.monotonic())
  }

  /** @param free how many slots are free now */
  order(free: number): Order {
    const window = this.isOn ? this.#window : free
    // What was to be over by now and is not has its turn first.
    const late = this.#waiting.filter(({ isBegun }) => isBegun).length
    const begun: number[] = []
    for (const each of this.#waiting.slice(0, window)) {
      if (!each.isBegun) begun.push(each.job.token)
      each.isBegun = true
    }
    const starting = this.#waiting.splice(0, free).map(({ job }) => job)
    if (!this.isOn) return { starting, begun, room: free - starting.length, ahead: 0 }
    const room = Math.max(0, window - late)
    return { starting, begun, room, ahead: room }
  }

  /** The next job, if the storage counts it as begun. */
  next(): ClaimedJob | undefined {
    return this.#waiting[0]?.isBegun ? this.#waiting.shift()?.job : undefined
  }

  add(job: ClaimedJob, isBegun: boolean): void {
    this.#waiting.push({ job, isBegun, since: this.#clock.monotonic() })
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

  /** How many jobs are over while the storage answers. */
  get #window(): number {
    return Math.max(this.#slots, Math.min(LEAST_WINDOW, Math.floor((this.#slots * this.#callMs) / this.#runMs)))
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
