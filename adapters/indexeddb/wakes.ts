import type { Wake } from '../../src/storage.ts'

/** What of a BroadcastChannel is needed here, so that tests can hand in their own. */
export interface Channel {
  postMessage(message: unknown): void
  onmessage: ((event: MessageEvent) => void) | null
  close(): void
}

const WAKES: readonly unknown[] = ['claimable', 'due', 'signal', 'recoverable', 'network'] satisfies Wake[]

/**
 * Tells listeners here, and other contexts, what happened. A context that dies between the commit and its message has
 * stored a job and told nobody: that is why workers look again now and then.
 */
export class Wakes {
  readonly #channel: Channel | undefined
  readonly #isHeard: (wake: Wake) => boolean
  readonly #isLate: () => boolean
  readonly #listeners = new Set<(wake: Wake) => void>()
  #isClosed = false

  /**
   * @param isHeard whether it would change anything for the listeners here
   * @param isLate whether timers here may be held back: of a hidden page, they are. Then a message is a chance to look
   */
  constructor(channel: Channel | undefined, isHeard: (wake: Wake) => boolean, isLate: () => boolean) {
    this.#channel = channel
    this.#isHeard = isHeard
    this.#isLate = isLate
    if (channel) channel.onmessage = ({ data }) => this.#hear(data)
  }

  /** @param listener must not throw */
  subscribe(listener: (wake: Wake) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells the listeners here. */
  tell(wakes: Iterable<Wake>): void {
    for (const wake of wakes) if (this.#isHeard(wake)) for (const listener of [...this.#listeners]) listener(wake)
  }

  /** Tells the other contexts. */
  post(wakes: readonly Wake[]): void {
    // A call that was under way when the storage closed is committed all the same: a closed channel would make it fail.
    if (wakes.length > 0 && !this.#isClosed) this.#channel?.postMessage(wakes)
  }

  close(): void {
    this.#isClosed = true
    this.#listeners.clear()
    this.#channel?.close()
  }

  /** Other pages of the origin may post here too, and other versions of this one. */
  #hear(message: unknown): void {
    if (!Array.isArray(message)) return
    const wakes = message.filter((each): each is Wake => WAKES.includes(each))
    this.tell(new Set(this.#isLate() ? [...wakes, 'due'] : wakes))
  }
}
