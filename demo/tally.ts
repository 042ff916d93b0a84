import type { Events } from 'quayside'
import { app } from './app.ts'

interface QueueTally {
  enqueued: number
  performed: number
  retries: number
  dead: number
}

/** So many of the slowest runs are kept. */
const SLOWEST = 5

/** Counts by queue what `app.stats()` knows in sum, and the runs that took longest: all of it from the app's events. */
export class Tally {
  readonly #queues = new Map<string, QueueTally>()
  #slowest: readonly Events['job:completed'][] = []
  readonly #startedAt = performance.now()

  constructor() {
    app.on('job:enqueued', ({ queue }) => this.queue(queue).enqueued++)
    app.on('job:retried', ({ queue }) => this.queue(queue).retries++)
    app.on('job:died', ({ queue }) => this.queue(queue).dead++)
    app.on('job:completed', (run) => {
      this.queue(run.queue).performed++
      this.#slowest = [...this.#slowest, run].sort((a, b) => b.durationMs - a.durationMs).slice(0, SLOWEST)
    })
  }

  get seconds(): number {
    return (performance.now() - this.#startedAt) / 1_000
  }

  get slowest(): readonly Events['job:completed'][] {
    return this.#slowest
  }

  queue(name: string): QueueTally {
    const tally = this.#queues.get(name) ?? { enqueued: 0, performed: 0, retries: 0, dead: 0 }
    this.#queues.set(name, tally)
    return tally
  }
}
