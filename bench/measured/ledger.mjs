/** Counts what is performed, job by job: a queue that drops or repeats jobs is not fast, it is wrong. */
export class Ledger {
  #counts
  #left
  /** @type {(() => void) | undefined} */
  #onFull

  /** @param {number} jobs */
  constructor(jobs) {
    this.#counts = new Uint8Array(jobs)
    this.#left = jobs
  }

  /** @param {number} index */
  count(index) {
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    if (--this.#left === 0) this.#onFull?.()
  }

  /** Resolves when as many are performed as there are jobs. @returns {Promise<void>} */
  full() {
    return new Promise((resolve) => {
      if (this.#left <= 0) resolve()
      else this.#onFull = resolve
    })
  }

  /** Throws unless each job was performed exactly once. Waits a little first, for one that comes twice. */
  async check() {
    await new Promise((resolve) => setTimeout(resolve, 50))
    const wrong = this.#counts.findIndex((count) => count !== 1)
    if (wrong >= 0)
      throw new Error(`Job ${wrong} of ${this.#counts.length} was performed ${this.#counts[wrong]} times.`)
  }
}
