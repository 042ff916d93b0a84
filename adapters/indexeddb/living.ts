/** What of `navigator.locks` is needed here, so that tests can hand in their own. */
export type Locks = Pick<LockManager, 'request' | 'query'>

interface Holding {
  readonly isGranted: Promise<boolean>
  release(): void
}

/**
 * A Web Lock for each worker of this context. The browser frees it the moment the context dies, so it is a heartbeat
 * that cannot lie about death. It says nothing about freezing: a frozen tab keeps its locks.
 */
export class Living {
  readonly #locks: Locks | undefined
  readonly #namespace: string
  readonly #onDeath: () => void
  readonly #held = new Map<string, Holding>()
  readonly #watched = new Map<string, AbortController>()

  constructor(locks: Locks | undefined, namespace: string, onDeath: () => void) {
    this.#locks = locks
    this.#namespace = namespace
    this.#onDeath = onDeath
  }

  /**
   * Takes a worker's lock, if this context does not hold it yet. False when it cannot be had: there are no locks, or
   * another context speaks for the same worker.
   */
  async hold(worker: string): Promise<boolean> {
    if (!this.#locks) return false
    const holding = this.#held.get(worker) ?? this.#take(worker, this.#locks)
    return holding.isGranted
  }

  release(worker: string): void {
    this.#held.get(worker)?.release()
    this.#held.delete(worker)
  }

  /** Whose locks are held now; undefined where nobody can tell. */
  async seen(): Promise<((worker: string) => boolean) | undefined> {
    const snapshot = await this.#locks?.query().catch(() => undefined)
    // Whoever waits for a death is given the lock for a moment, shared; a frozen one keeps it for longer.
    const held = snapshot?.held?.filter(({ mode }) => mode === 'exclusive').map(({ name }) => name)
    return held && ((worker) => held.includes(this.nameOf(worker)))
  }

  /** What its Web Lock is called. */
  nameOf(worker: string): string {
    return `quayside:${this.#namespace}:${worker}`
  }

  /** Waits for the death of each of these, by asking for its lock; and no more for that of others. */
  watch(workers: readonly string[]): void {
    for (const [worker, waiting] of this.#watched) if (!workers.includes(worker)) waiting.abort()
    for (const worker of workers) if (!this.#watched.has(worker)) this.#wait(worker)
  }

  close(): void {
    this.watch([])
    for (const worker of [...this.#held.keys()]) this.release(worker)
  }

  #take(worker: string, locks: Locks): Holding {
    let release = (): void => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const isGranted = new Promise<boolean>((resolve) => {
      const hold = (lock: Lock | null) => {
        resolve(lock !== null)
        return lock ? released : undefined
      }
      const end = () => {
        if (this.#held.get(worker) === holding) this.#held.delete(worker)
        resolve(false)
      }
      // It ends with an error when somebody steals the lock, and where pages may not have locks.
      locks.request(this.nameOf(worker), { ifAvailable: true }, hold).then(end, end)
    })
    const holding = { isGranted, release }
    this.#held.set(worker, holding)
    return holding
  }

  #wait(worker: string): void {
    const waiting = new AbortController()
    this.#watched.set(worker, waiting)
    const end = () => {
      if (this.#watched.get(worker) === waiting) this.#watched.delete(worker)
    }
    const { signal } = waiting
    const got = () => {
      if (!signal.aborted) this.#onDeath()
    }
    this.#locks?.request(this.nameOf(worker), { mode: 'shared', signal }, got).then(end, end)
  }
}
