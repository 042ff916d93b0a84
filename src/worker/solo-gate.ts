/**
 * Lets a suspect run alone. A job that was running at two crashes may have caused them: if it does so again, no other
 * job shall be counted with it. While one waits or runs, the worker claims nothing new.
 */
export class SoloGate {
  #inside = 0
  #alone = false
  readonly #waiting: (() => void)[] = []
  /** Called when claiming may go on. */
  onOpen: (() => void) | undefined

  /** True while a suspect waits or runs. */
  get isClosed(): boolean {
    return this.#alone || this.#waiting.length > 0
  }

  /** True while a suspect runs: what is claimed now, by a request that was already under way, must go back. */
  get isAlone(): boolean {
    return this.#alone
  }

  enter(): void {
    this.#inside++
  }

  leave(): void {
    this.#inside--
    this.#admit()
  }

  /** Resolves when nothing else runs, and keeps it so until `leaveAlone`. */
  enterAlone(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#admit()
    })
  }

  leaveAlone(): void {
    this.#alone = false
    this.#admit()
    if (!this.isClosed) this.onOpen?.()
  }

  #admit(): void {
    if (this.#inside > 0 || this.#alone) return
    const next = this.#waiting.shift()
    if (!next) return
    this.#alone = true
    next()
  }
}
