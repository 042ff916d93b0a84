import { Violation } from './violation.ts'

/** Watches that no job waits while a worker has room for it, where nothing is broken that would explain it. */
export class Quickness {
  readonly #longestMs: number
  #since: number | undefined
  #claimed = 0

  /** @param latencyMs how long a message takes; a wake-up, a call that is under way and the next are some of them */
  constructor(latencyMs: number) {
    this.#longestMs = 100 + 30 * latencyMs
  }

  /**
   * Throws a Violation when that has gone on for too long.
   *
   * @param claimed how many jobs were ever claimed: where one after the other is, each has its turn
   */
  look(now: number, jid: string | undefined, hasRoom: boolean, claimed: number): void {
    if (jid === undefined || !hasRoom || claimed > this.#claimed) this.#since = undefined
    else this.#since ??= now
    this.#claimed = claimed
    if (now - (this.#since ?? now) <= this.#longestMs) return
    throw new Violation(`jobs wait while a worker has room for them, for ${this.#longestMs} ms now`, jid ?? '')
  }
}
