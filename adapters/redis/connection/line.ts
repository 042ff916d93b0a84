import type { Redis } from 'ioredis'
import type { Clock } from '../../../src/clock.ts'
import type { Failure } from './failure.ts'

/** One connection after the other: what broke is replaced until the line is closed. */
export interface Line {
  /** The connection, if one is good for calls now. */
  readonly redis: Redis | undefined
  /** Why there is none, if that is known. */
  readonly failure: Failure | undefined
  /** Connects, if that has not begun. */
  open(): void
  /** This connection is not to be used for another call: it is broken, or calls must go elsewhere. */
  leave(redis: Redis, failure?: Failure): void
  /** Ends a connection that was left. */
  hangUp(redis: Redis): void
  close(): void
}

/** Who uses a line hears of its fate. */
export interface LineEvents {
  /** There is a connection. */
  onReady(redis: Redis): void
  /** A connection is gone. What it was asked, and has not answered, it never will. */
  onGone(redis: Redis): void
  /** An attempt failed, or calls must go elsewhere; the next attempt follows. */
  onFailure(failure: Failure): void
}

/** The pauses before attempts: none, then doubling up to a second, so that Redis is found soon when it is back. */
const FIRST_PAUSE_MS = 25
const LONGEST_PAUSE_MS = 1_000

/** After a connection that lasted so long the next attempt follows at once, after others soon. */
const LASTING_MS = 1_000

/** A line of connections that it makes itself. */
export class OwnLine implements Line {
  readonly #clock: Clock
  readonly #dial: () => Promise<Redis>
  readonly #events: LineEvents
  #redis: Redis | undefined
  #failure: Failure | undefined
  #isDialling = false
  #isClosed = false
  #attempts = 0
  #readyAt = 0
  #cancelPause: (() => void) | undefined

  /** @param dial makes one connection, ready for calls; rejects with a Failure */
  constructor(clock: Clock, dial: () => Promise<Redis>, events: LineEvents) {
    this.#clock = clock
    this.#dial = dial
    this.#events = events
  }

  get redis(): Redis | undefined {
    // ioredis tells of a cut one turn later, but changes its status at once.
    return this.#redis?.status === 'ready' ? this.#redis : undefined
  }

  get failure(): Failure | undefined {
    return this.#failure
  }

  open(): void {
    if (this.#isClosed || this.#isDialling || this.#redis) return
    this.#isDialling = true
    this.#connect()
  }

  leave(redis: Redis, failure?: Failure): void {
    if (redis !== this.#redis) return
    this.#lost(failure)
  }

  hangUp(redis: Redis): void {
    redis.disconnect()
    this.#events.onGone(redis)
  }

  close(): void {
    this.#isClosed = true
    this.#cancelPause?.()
    this.#redis?.disconnect()
    this.#redis = undefined
  }

  async #connect(): Promise<void> {
    try {
      this.#ready(await this.#dial())
    } catch (failure) {
      this.#again(failure as Failure)
    }
  }

  #ready(redis: Redis): void {
    if (this.#isClosed) {
      redis.disconnect()
      return
    }
    redis.once('close', () => this.#closed(redis))
    this.#isDialling = false
    this.#readyAt = this.#clock.monotonic()
    this.#redis = redis
    this.#failure = undefined
    // Cut between its last answer and now: nobody will tell of it again.
    if (redis.status !== 'ready') this.#closed(redis)
    else this.#events.onReady(redis)
  }

  #closed(redis: Redis): void {
    if (redis === this.#redis) this.#lost(undefined)
    this.#events.onGone(redis)
  }

  #lost(failure: Failure | undefined): void {
    this.#redis = undefined
    const isLasting = this.#clock.monotonic() - this.#readyAt >= LASTING_MS
    this.#attempts = isLasting ? 0 : Math.min(this.#attempts, 1)
    this.#again(failure)
  }

  #again(failure: Failure | undefined): void {
    if (this.#isClosed) return
    this.#failure = failure
    this.#isDialling = true
    if (failure) this.#events.onFailure(failure)
    // Whoever heard of it may have closed the line.
    if (this.#isClosed) return
    this.#cancelPause = this.#clock.after(this.#pauseMs(), () => this.#connect())
  }

  /** With chance in it: when Redis is back, not all processes shall come in the same millisecond. */
  #pauseMs(): number {
    const attempt = this.#attempts++
    if (attempt === 0) return 0
    return Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS) * (0.5 + this.#clock.random() / 2)
  }
}
