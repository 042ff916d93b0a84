import type { Wake } from '../../src/storage.ts'

/**
 * Tells listeners what happened. What a call causes is noted while it goes on and told when it is over: a listener may
 * call the storage at once, and must not see a call half done.
 */
export class Wakes {
  readonly #listeners = new Set<(wake: Wake) => void>()
  readonly #noted = new Set<Wake>()

  /** @param listener must not throw */
  subscribe(listener: (wake: Wake) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  note(wake: Wake): void {
    if (this.#listeners.size > 0) this.#noted.add(wake)
  }

  ring(): void {
    if (this.#noted.size === 0) return
    const wakes = [...this.#noted]
    this.#noted.clear()
    for (const listener of [...this.#listeners]) for (const wake of wakes) listener(wake)
  }
}
