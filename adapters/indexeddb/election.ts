import type { Clock } from '../../src/clock.ts'
import type { Wake } from '../../src/storage.ts'
import type { Locks } from './living.ts'
import type { Memo } from './memo.ts'
import type { Step } from './step.ts'
import type { Wakes } from './wakes.ts'

export interface ElectionOptions {
  readonly locks: Locks | undefined
  /** What the Web Lock of whoever performs is called. */
  readonly name: string
  readonly clock: Clock
  readonly memo: Memo
  /** How long the elected one may be silent. */
  readonly patienceMs: number
  readonly isHidden: () => boolean
  readonly wakes: Wakes
}

/** All that may have changed for a worker that could do nothing until now. */
export const ANYTHING: readonly Wake[] = ['claimable', 'due', 'recoverable', 'signal']

/**
 * Chooses the one context of the origin that performs. Whoever holds a Web Lock does; successors wait in its queue. The
 * browser frees the lock of a context that dies at once, but not that of one that is frozen: so the elected one leaves a
 * mark in the database whenever it speaks, and whoever finds that mark too old steals the lock. Where there are no Web
 * Locks, the mark alone decides.
 */
export class Election {
  readonly #options: ElectionOptions
  readonly #workers = new Set<string>()
  #locks: Locks | undefined
  #candidacy: AbortController | undefined
  /** Named anew each time: one that resigned and stands again is not taken for who it was. */
  #term: string
  #isElected = false
  #isAway = false

  constructor(options: ElectionOptions) {
    this.#options = options
    this.#locks = options.locks
    this.#term = options.clock.id()
  }

  /** True while workers here have nothing to do, since another context performs. */
  get isStandby(): boolean {
    return this.#workers.size > 0 && !this.#isElected
  }

  /** A worker wants to perform. */
  join(worker: string): void {
    this.#workers.add(worker)
    this.#stand()
  }

  /** A worker wants no more jobs. */
  leave(worker: string): void {
    if (this.#workers.delete(worker) && this.#workers.size === 0) this.#resign()
  }

  /** Lets another context perform while this one may not run: a frozen page would keep its lock. */
  stepAside(): void {
    this.#isAway = true
    this.#resign()
  }

  comeBack(): void {
    this.#isAway = false
    this.#stand()
  }

  /** What a context says in a step is its mark. Answers whether it may claim there. */
  performs(step: Step): boolean {
    if (this.#workers.size === 0) return true
    if (this.#isOut) return false
    const { performer } = step.meta
    const { patienceMs, isHidden, memo } = this.#options
    // A mark of the future is one of a clock that was set back.
    const isOver = performer !== undefined && Math.abs(step.now - performer.seenAt) >= patienceMs
    if (!this.#locks) {
      const isFree = !performer || isOver || performer.term === memo.get('resigned')
      this.#become(isFree || performer.term === this.#term)
    } else if (isOver && !this.#isElected && !isHidden()) this.#stand(true)
    if (this.#isElected || !performer) {
      // Without a mark, the silence of one that froze before it ever spoke would have no beginning.
      const term = this.#isElected ? this.#term : ''
      step.remember((meta) => Object.assign(meta, { performer: { term, seenAt: step.now } }))
    }
    return this.#isElected
  }

  close(): void {
    this.#workers.clear()
    this.#resign()
  }

  /** A service worker lives as long as an event does: it must not have others wait for it. */
  get #isOut(): boolean {
    return this.#isAway || 'ServiceWorkerGlobalScope' in globalThis
  }

  #stand(steal = false): void {
    if (!this.#locks || this.#workers.size === 0 || this.#isOut || (this.#candidacy && !steal)) return
    this.#candidacy?.abort()
    const candidacy = new AbortController()
    this.#candidacy = candidacy
    const { signal } = candidacy
    const hold = async (): Promise<void> => {
      if (signal.aborted) return
      this.#become(true)
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    }
    // No request may have both.
    const end = () => this.#lose(candidacy)
    this.#locks.request(this.#options.name, steal ? { steal } : { signal }, hold).catch(end)
  }

  /** The lock was stolen; or it was never had, since this context may not have any. */
  #lose(candidacy: AbortController): void {
    if (this.#candidacy !== candidacy) return
    this.#candidacy = undefined
    if (!this.#isElected) this.#locks = undefined
    // Its workers then beat, and so stand in line again.
    this.#become(false)
  }

  #resign(): void {
    this.#candidacy?.abort()
    this.#candidacy = undefined
    if (this.#isElected && !this.#locks) {
      // Said without a transaction: the page may be frozen before it would end.
      this.#options.memo.set('resigned', this.#term)
      this.#term = this.#options.clock.id()
      this.#options.wakes.post(['signal'])
    }
    this.#isElected = false
  }

  #become(isElected: boolean): void {
    if (this.#isElected === isElected) return
    this.#isElected = isElected
    this.#options.wakes.tell(isElected ? ANYTHING : ['signal'])
  }
}
