/** Where somebody was: a history as browsers keep one, with a place in it. */
export class Trail {
  #addresses: readonly string[] = []
  #at = -1

  get here(): string | undefined {
    return this.#addresses[this.#at]
  }

  /** Goes on from here; what was ahead is forgotten. To where one is already, it goes nowhere. */
  push(address: string): void {
    if (address === this.here) return
    this.#addresses = [...this.#addresses.slice(0, this.#at + 1), address]
    this.#at = this.#addresses.length - 1
  }

  /** Calls where one is by another name. */
  rename(address: string): void {
    this.#addresses = this.#addresses.with(this.#at, address)
  }

  /** One step, if there is one: where that leads. */
  step(by: 1 | -1): string | undefined {
    const address = this.#addresses[this.#at + by]
    if (address !== undefined) this.#at += by
    return address
  }
}
