import type { Clock } from '../../src/clock.ts'
import type { Step } from './step.ts'
import type { Channel } from './wakes.ts'

type OnChange = (finished: readonly string[]) => void

/** For how long others tell of changes after somebody said that he watches. The timers of hidden tabs come a minute late. */
const WATCHED_MS = 180_000

/** How often he says so again. */
const RENEWED_MS = 60_000

/** Messages come no closer than this, however much changes. */
const GAP_MS = 50

export interface WatchersOptions {
  readonly clock: Clock
  /** Of its own, not that of the wakes: contexts in which nobody watches hear nothing. */
  readonly openChannel: () => Channel | undefined
  /** Writes that somebody watches. */
  readonly mark: () => Promise<unknown>
}

/**
 * Tells those who watch, here and in other contexts, that something changed. That somebody watches stands in the database,
 * so whoever changes something learns of it in the same transaction, and the others pay nothing. It ends by itself: a
 * context that dies cannot take it back.
 */
export class Watchers {
  readonly #options: WatchersOptions
  readonly #listeners = new Set<OnChange>()
  #channel: Channel | undefined
  #endRenewing: (() => void) | undefined
  /** What is to be told with the next message, and the timer that brings it. */
  #finished: string[] = []
  #endWaiting: (() => void) | undefined
  #postedAt = Number.NEGATIVE_INFINITY
  #isClosed = false

  constructor(options: WatchersOptions) {
    this.#options = options
  }

  /** @param listener must not throw */
  subscribe(listener: OnChange): () => void {
    this.#listeners.add(listener)
    this.#open()
    if (!this.#endRenewing) this.#renew()
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#rest()
    }
  }

  /** What a step did, once it is committed. */
  tell(step: Step): void {
    if (!step.hasWritten) return
    this.#hear(step.finished)
    if (step.isWatched && !this.#isClosed) this.#post(step.finished)
  }

  close(): void {
    this.#isClosed = true
    this.#listeners.clear()
    this.#rest()
    this.#endWaiting?.()
    this.#channel?.close()
  }

  #open(): Channel | undefined {
    if (this.#channel) return this.#channel
    const channel = this.#options.openChannel()
    // Other pages of the origin may post here too, and other versions of this one.
    if (channel) channel.onmessage = ({ data }) => Array.isArray(data) && this.#hear(data.filter(isString))
    this.#channel = channel
    return channel
  }

  #hear(finished: readonly string[]): void {
    for (const listener of [...this.#listeners]) listener(finished)
  }

  #renew(): void {
    this.#endRenewing = this.#options.clock.after(RENEWED_MS, () => this.#renew())
    // The mark is a change itself: listeners here hear of it, and look at what others did before they could know.
    this.#options.mark().catch(() => {}) // the storage is away, and those who watch look again by themselves
  }

  #rest(): void {
    this.#endRenewing?.()
    this.#endRenewing = undefined
  }

  /** At once, unless a message went out just now. A timer of a hidden tab is late; the next change is as good. */
  #post(finished: readonly string[]): void {
    const { clock } = this.#options
    this.#finished.push(...finished)
    const leftMs = this.#postedAt + GAP_MS - clock.monotonic()
    if (leftMs > 0) this.#endWaiting ??= clock.after(leftMs, () => this.#postNow())
    else this.#postNow()
  }

  #postNow(): void {
    this.#endWaiting?.()
    this.#endWaiting = undefined
    this.#postedAt = this.#options.clock.monotonic()
    this.#open()?.postMessage(this.#finished)
    this.#finished = []
  }
}

/** Has whoever changes something tell of it for a while. */
export async function markWatched(step: Step): Promise<void> {
  await step.begun
  step.remember((meta) => Object.assign(meta, { watchedUntil: step.now + WATCHED_MS }))
}

const isString = (value: unknown): value is string => typeof value === 'string'
