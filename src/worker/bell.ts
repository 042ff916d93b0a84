import type { Clock } from '../clock.ts'

/** Lets a loop sleep until somebody rings, or until a time is over. A ring while nobody sleeps is kept for the next. */
export class Bell {
  readonly #clock: Clock
  #rung = false
  #wake: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  ring(): void {
    this.#rung = true
    this.#wake?.()
  }

  /** Resolves at the next ring, or after `ms` milliseconds where they are given. */
  async wait(ms?: number): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const cancel = ms === undefined ? undefined : this.#clock.after(ms, resolve)
        this.#wake = () => {
          cancel?.()
          resolve()
        }
      })
      this.#wake = undefined
    }
    this.#rung = false
  }
}
