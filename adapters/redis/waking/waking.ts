import type { Redis } from 'ioredis'
import type { Clock } from '../../../src/clock.ts'
import { ClosedError, toError } from '../../../src/errors.ts'
import type { Logger } from '../../../src/logger.ts'
import type { Wake } from '../../../src/storage.ts'
import { Reluctance } from './reluctance.ts'
import { Tracking, type TrackingParts } from './tracking.ts'
import { wakeOf } from './wake-of.ts'

const ALL_WAKES: readonly Wake[] = ['claimable', 'due', 'signal', 'recoverable']

/** How often workers look for themselves where Redis refuses to tell them. */
const POLL_MS = 500

export interface WakingParts extends Pick<TrackingParts, 'lineOf'> {
  readonly clock: Clock
  readonly logger: Logger
  readonly prefix: string
}

/** Tells those who subscribe when something happens in Redis, and asks nothing meanwhile. */
export class Waking {
  readonly #parts: WakingParts
  readonly #tracking: Tracking
  readonly #reluctance: Reluctance
  readonly #listeners = new Set<(wake: Wake) => void>()
  #isClosed = false
  #hasWarned = false
  #cancelPoll: (() => void) | undefined
  #cancelClaimable: (() => void) | undefined

  constructor(parts: WakingParts) {
    const { clock, lineOf } = parts
    this.#parts = parts
    this.#reluctance = new Reluctance(() => clock.random())
    this.#tracking = new Tracking({
      clock,
      lineOf,
      onChange: (key) => this.#changed(key),
      onAnything: () => this.#anything(),
      onRefusal: (reason) => this.#pollInstead(reason),
    })
  }

  /** The listener has a connection from the first subscription to the end of the last. */
  subscribe(onWake: (wake: Wake) => void): () => void {
    if (this.#isClosed) throw new ClosedError('The storage is closed: open it again to go on.')
    // Wrapped, so that the same function may subscribe twice.
    const listener = (wake: Wake) => onWake(wake)
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#tracking.start()
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#stop()
    }
  }

  /** Commands go on this connection from now on. */
  follow(commands: Redis): void {
    this.#tracking.follow(commands)
  }

  /** A call is about to watch keys on this connection. Answers whether Redis will tell if the call asks it to. */
  watch(redis: Redis, keys: readonly string[]): boolean {
    return this.#tracking.watch(redis, keys)
  }

  isWatching(keys: readonly string[]): boolean {
    return this.#tracking.isWatching(keys)
  }

  unwatch(keys: readonly string[]): void {
    this.#tracking.unwatch(keys)
  }

  /** What a claim found: who was woken for nothing takes its time with the next wake. */
  claimed(found: number): void {
    this.#reluctance.claimed(found, this.#parts.clock.monotonic())
  }

  /** Wakes whoever listens. */
  ring(wake: Wake): void {
    for (const listener of this.#listeners) {
      try {
        listener(wake)
      } catch (thrown) {
        this.#parts.logger.error({ error: toError(thrown), wake }, 'a listener of the Redis storage threw')
      }
    }
  }

  close(): void {
    this.#isClosed = true
    this.#listeners.clear()
    this.#stop()
  }

  #stop(): void {
    this.#tracking.stop()
    this.#endPolling()
    this.#cancelClaimable?.()
    this.#cancelClaimable = undefined
  }

  #changed(key: string): void {
    const { prefix } = this.#parts
    const wake = key.startsWith(prefix) ? wakeOf(key.slice(prefix.length)) : undefined
    if (wake === 'claimable') this.#claimable()
    else if (wake) this.ring(wake)
  }

  #anything(): void {
    this.#endPolling()
    for (const wake of ALL_WAKES) this.ring(wake)
  }

  #claimable(): void {
    // One that waits tells of this change too.
    if (this.#cancelClaimable) return
    const { clock } = this.#parts
    const delayMs = this.#reluctance.delayMs(clock.monotonic())
    if (delayMs === 0) {
      this.ring('claimable')
      return
    }
    this.#cancelClaimable = clock.after(delayMs, () => {
      this.#cancelClaimable = undefined
      this.ring('claimable')
    })
  }

  /** A proxy, or a user who may not: workers look for themselves, and somebody should know. */
  #pollInstead({ message: reason }: Error): void {
    if (!this.#hasWarned) this.#parts.logger.warn({ reason, pollMs: POLL_MS }, POLLING)
    this.#hasWarned = true
    this.#endPolling()
    this.#poll()
  }

  #poll(): void {
    this.#cancelPoll = this.#parts.clock.after(POLL_MS, () => {
      this.ring('claimable')
      this.ring('due')
      this.#poll()
    })
  }

  #endPolling(): void {
    this.#cancelPoll?.()
    this.#cancelPoll = undefined
  }
}

const POLLING = 'Redis does not tell of changes; workers look now and then instead'
