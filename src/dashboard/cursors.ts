import { digest } from './digest.ts'

const MOST_KEPT = 1_000

/**
 * Where searches can go on. The storage's own cursors may have a whole job in them, with all that is hidden of it, and
 * any bytes: they stay here, and addresses have a short name for them. One that was forgotten begins anew.
 */
export class Cursors {
  readonly #cursors = new Map<string, string>()

  /** Answers the name of a cursor. */
  keep(cursor: string): string {
    const name = digest(cursor)
    this.#cursors.delete(name)
    this.#cursors.set(name, cursor)
    const [oldest] = this.#cursors.keys()
    if (this.#cursors.size > MOST_KEPT && oldest !== undefined) this.#cursors.delete(oldest)
    return name
  }

  find(name: string): string | undefined {
    return this.#cursors.get(name)
  }
}
