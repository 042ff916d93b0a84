import type { Wake } from '../../src/storage.ts'

/** What of a BroadcastChannel is needed here, so that tests can hand in their own. */
export interface Channel {
  postMessage(message: unknown): void
  onmessage: ((event: MessageEvent) => void) | null
  close(): void
}

const WAKES: readonly unknown[] = ['claimable', 'due', 'signal', 'recoverable'] satisfies Wake[]

/**
 * Tells listeners here, and other contexts, what happened. A context that dies between the commit and its message has
 * stored a job and told nobody: that is why workers look again now and then.
 */
export class Wakes {
  readonly #channel: Channel | undefined
  readonly #listeners = new Set<(wake: Wake) => void>()

  constructor(channel: Channel | undefined) {
    this.#channel = channel
    if (channel) channel.onmessage = ({ data }) => this.#hear(data)
  }

  /** @param listener must not throw */
  subscribe(listener: (wake: Wake) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells the listeners here. */
  tell(wakes: Iterable<Wake>): void {
    for (const wake of wakes) for (const listener of [...this.#listeners]) listener(wake)
  }

  /** Tells the other contexts. */
  post(wakes: readonly Wake[]): void {
    if (wakes.length > 0) this.#channel?.postMessage(wakes)
  }

  close(): void {
    this.#listeners.clear()
    this.#channel?.close()
  }

  /** Other pages of the origin may post here too, and other versions of this one. */
  #hear(message: unknown): void {
    if (Array.isArray(message)) this.tell(message.filter((each): each is Wake => WAKES.includes(each)))
  }
}
