import type { Redis } from 'ioredis'
import type { Clock } from '../../../src/clock.ts'
import { connectFailure, type Failure } from './failure.ts'
import type { Line, LineEvents } from './line.ts'

/** How long a connection that will not do is left alone: it is not ours to replace. */
const PAUSE_MS = 200

/** The line of a client that somebody else made: it connects by its own rules, and is never closed here. */
export class BorrowedLine implements Line {
  readonly #client: Redis
  readonly #clock: Clock
  readonly #greet: (client: Redis) => Promise<void>
  readonly #events: LineEvents
  #isGreeted = false
  #failure: Failure | undefined
  #cancelPause: (() => void) | undefined
  readonly #onReady = (): void => void this.#welcome()
  readonly #onClose = (): void => this.#gone()

  /** @param greet what is to be done on each new connection before calls */
  constructor(client: Redis, clock: Clock, greet: (client: Redis) => Promise<void>, events: LineEvents) {
    this.#client = client
    this.#clock = clock
    this.#greet = greet
    this.#events = events
  }

  /** Never while it is not connected: a command in its offline queue could be sent long after we gave it up. */
  get redis(): Redis | undefined {
    return this.#isGreeted && this.#client.status === 'ready' ? this.#client : undefined
  }

  get failure(): Failure | undefined {
    return this.#failure
  }

  open(): void {
    this.#client.on('ready', this.#onReady)
    this.#client.on('close', this.#onClose)
    if (this.#client.status === 'ready') this.#welcome()
    // Its owner hears of what goes wrong, by its events.
    else if (this.#client.status === 'wait') this.#client.connect().catch(() => {})
  }

  /** Looks after a while whether it will do now: a replica may have become a primary. */
  leave(_: Redis, failure?: Failure): void {
    this.#isGreeted = false
    this.#failure = failure
    this.#cancelPause?.()
    this.#cancelPause = this.#clock.after(PAUSE_MS, () => this.#welcome())
  }

  hangUp(): void {}

  close(): void {
    this.#client.off('ready', this.#onReady)
    this.#client.off('close', this.#onClose)
    this.#cancelPause?.()
    this.#isGreeted = false
  }

  async #welcome(): Promise<void> {
    // When it is, it says so.
    if (this.#client.status !== 'ready') return
    try {
      await this.#greet(this.#client)
      this.#isGreeted = true
      this.#failure = undefined
      this.#events.onReady(this.#client)
    } catch (error) {
      const failure = connectFailure(error, 'the place of the given client')
      this.leave(this.#client, failure)
      this.#events.onFailure(failure)
    }
  }

  #gone(): void {
    this.#isGreeted = false
    this.#events.onGone(this.#client)
  }
}
