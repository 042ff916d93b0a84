/** The longest that a worker waits after having been woken for nothing. */
const LONGEST_MS = 50

/** After so long without a wake, the next one counts as the first. */
const QUIET_MS = 1_000

/** Who found something so lately may have found what the wake told of before the wake came. */
const LATELY_MS = 50

/**
 * With forty idle workers each job wakes forty, and thirty-nine find nothing. Who found nothing takes its time with the
 * next wake, at random and longer each time; who found something does not. So one claim follows each job, not forty,
 * and it follows at once.
 */
export class Reluctance {
  readonly #random: () => number
  #inVain = 0
  #wokenAt = Number.NEGATIVE_INFINITY
  #isWoken = false
  #foundAt = Number.NEGATIVE_INFINITY

  /** @param random a number from 0 to below 1 */
  constructor(random: () => number) {
    this.#random = random
  }

  /** How long to wait before this wake is passed on. */
  delayMs(now: number): number {
    if (now - this.#wokenAt > QUIET_MS) this.#inVain = 0
    this.#wokenAt = now
    this.#isWoken = true
    return this.#inVain === 0 ? 0 : this.#random() * Math.min(LONGEST_MS, 2 ** this.#inVain)
  }

  /** What a claim found. */
  claimed(found: number, now: number): void {
    if (found > 0) {
      this.#inVain = 0
      this.#foundAt = now
    } else if (this.#isWoken && now - this.#foundAt > LATELY_MS) this.#inVain++
    this.#isWoken = false
  }
}
