import type { Clock } from '../clock.ts'
import { Bell } from './bell.ts'

/** One round of a service. Answers in how many milliseconds it wants the next; undefined: not before it is woken. */
export type Round = () => Promise<number | undefined>

/** How long a service waits after a failed round: longer each time, up to a second. */
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1_000

/**
 * Something that goes on beside the jobs: promoter, heartbeat and recoverer are one each. Start, stop and wake may come
 * in any order and any number of times; a round that fails is reported and tried again.
 */
export class Service {
  readonly #round: Round
  readonly #clock: Clock
  readonly #onFailure: (error: unknown) => void
  readonly #bell: Bell
  #loop: Promise<void> | undefined
  #stopped = false
  #pauseMs = FIRST_PAUSE_MS

  constructor(clock: Clock, round: Round, onFailure: (error: unknown) => void) {
    this.#clock = clock
    this.#round = round
    this.#onFailure = onFailure
    this.#bell = new Bell(clock)
  }

  start(): void {
    this.#loop ??= this.#run()
  }

  /** Asks for a round now. */
  wake(): void {
    this.#bell.ring()
  }

  /** Resolves when no round goes on and none will come. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#bell.ring()
    await this.#loop
  }

  /** One round, by itself: what the loop does, for tests and for hosts that have no loop. */
  async runOnce(): Promise<number | undefined> {
    try {
      const nextMs = await this.#round()
      this.#pauseMs = FIRST_PAUSE_MS
      return nextMs
    } catch (error) {
      this.#tell(error)
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS)
      // Not all workers shall come back in the same millisecond.
      return this.#pauseMs * (0.5 + this.#clock.random() / 2)
    }
  }

  /** A report that fails itself must not end the service. */
  #tell(error: unknown): void {
    try {
      this.#onFailure(error)
    } catch {}
  }

  async #run(): Promise<void> {
    while (!this.#stopped) await this.#bell.wait(await this.runOnce())
  }
}
