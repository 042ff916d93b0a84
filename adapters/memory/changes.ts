type OnChange = (finished: readonly string[]) => void

/** Tells those who watch that something changed, when the call that changed it is over, and which jobs it finished. */
export class Changes {
  readonly #listeners = new Set<OnChange>()
  #finished: string[] = []

  /** @param listener must not throw */
  subscribe(listener: OnChange): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A job went nowhere. */
  finish(jid: string): void {
    if (this.#listeners.size > 0) this.#finished.push(jid)
  }

  ring(): void {
    if (this.#listeners.size === 0) return
    const finished = this.#finished
    this.#finished = []
    for (const listener of [...this.#listeners]) listener(finished)
  }
}
