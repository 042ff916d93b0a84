import type { Totals } from '../../src/storage.ts'

interface Count {
  processed: number
  failed: number
}

const DAY_MS = 86_400_000

/** Five years, as Sidekiq keeps them. */
const DAYS_KEPT = 5 * 366

/** Counts runs: all there ever were, and those of each UTC day. */
export class Tally {
  readonly #all: Count = { processed: 0, failed: 0 }
  /** By the number of the day since 1970. */
  readonly #days = new Map<number, Count>()

  get all(): Totals {
    return { ...this.#all }
  }

  count(result: 'ok' | 'failed', now: number): void {
    const failed = result === 'failed' ? 1 : 0
    const day = this.#day(Math.floor(now / DAY_MS))
    this.#all.processed++
    this.#all.failed += failed
    day.processed++
    day.failed += failed
  }

  /** The last `days` days, today first. */
  last(days: number, now: number): (Totals & { day: string })[] {
    const today = Math.floor(now / DAY_MS)
    return Array.from({ length: days }, (_, ago) => {
      const { processed, failed } = this.#days.get(today - ago) ?? { processed: 0, failed: 0 }
      return { day: new Date((today - ago) * DAY_MS).toISOString().slice(0, 10), processed, failed }
    })
  }

  clear(): void {
    this.#all.processed = 0
    this.#all.failed = 0
    this.#days.clear()
  }

  #day(number: number): Count {
    const known = this.#days.get(number)
    if (known !== undefined) return known
    for (const day of this.#days.keys()) if (day <= number - DAYS_KEPT) this.#days.delete(day)
    const count = { processed: 0, failed: 0 }
    this.#days.set(number, count)
    return count
  }
}
