import type { Watchable, Watched } from './watchable.ts'

/** Tells one callback what changed: one state at a time, the newest, and none twice. */
export class Watcher {
  readonly what: Watchable
  readonly #onChange: (state: never) => unknown
  readonly #onError: (thrown: unknown) => void
  #told: string | undefined
  #next: Watched | undefined
  #isTelling = false
  #isOver = false

  constructor(what: Watchable, onChange: (state: never) => unknown, onError: (thrown: unknown) => void) {
    this.what = what
    this.#onChange = onChange
    this.#onError = onError
  }

  /** Has the callback called with this state, if it is news. */
  tell(state: Watched): void {
    this.#next = state
    if (!this.#isTelling) this.#tellAll()
  }

  /** The callback is not called any more. */
  end(): void {
    this.#isOver = true
  }

  /** A callback that answers a promise is left alone until that is settled; only the newest state is kept for it. */
  async #tellAll(): Promise<void> {
    this.#isTelling = true
    while (this.#next && !this.#isOver) {
      const state = this.#next
      this.#next = undefined
      const text = JSON.stringify(state)
      if (text === this.#told) continue
      this.#told = text
      try {
        await this.#onChange(state as never)
      } catch (thrown) {
        this.#onError(thrown)
      }
    }
    this.#isTelling = false
  }
}
