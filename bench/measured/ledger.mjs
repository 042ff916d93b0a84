/** After so long without a job, those that are missing will not come. */
const PATIENCE_MS = 20_000

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
    const count = this.#counts[index]
    if (count === undefined) throw new Error(`There is no job ${index}.`)
    this.#counts[index] = count + 1
    if (--this.#left === 0) this.#onFull?.()
  }

  /** Resolves when as many are performed as there are jobs; rejects when no more come. @returns {Promise<void>} */
  full() {
    if (this.#left <= 0) return Promise.resolve()
    return new Promise((resolve, reject) => {
      let left = this.#left
      const watch = setInterval(() => {
        if (this.#left === left) reject(new Error(`${left} of ${this.#counts.length} jobs were not performed.`))
        left = this.#left
      }, PATIENCE_MS)
      this.#onFull = () => {
        clearInterval(watch)
        resolve()
      }
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
