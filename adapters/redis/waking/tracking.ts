import type { Redis } from 'ioredis'
import type { Clock } from '../../../src/clock.ts'
import { watchKeys } from '../connection/evaluate.ts'
import { callFailure, type Failure } from '../connection/failure.ts'
import type { Line, LineEvents } from '../connection/line.ts'

/** The channel on which Redis names keys that have changed. */
const CHANNEL = '__redis__:invalidate'

/** How often a listener is asked whether it still hears, and how long it may think. */
const PING_MS = 15_000
const PONG_MS = 5_000

export interface TrackingParts {
  readonly clock: Clock
  /** Makes the line of the listener, which must speak RESP2: ioredis 6 drops what RESP3 pushes. */
  readonly lineOf: (greet: (listener: Redis) => Promise<void>, events: LineEvents) => Line
  /** A key that was watched has changed. */
  readonly onChange: (key: string) => void
  /** From now on Redis tells; it has not always, and anything may have changed. Also when all keys were deleted. */
  readonly onAnything: () => void
  /** Redis does not do this, or not for this user. */
  readonly onRefusal: (reason: Error) => void
}

/**
 * Has Redis tell of keys that change (`CLIENT TRACKING`). What the connection for commands watches is told to another
 * one, the listener, once for each key. Whichever of the two is replaced, what was watched stays so.
 */
export class Tracking implements LineEvents {
  readonly #parts: TrackingParts
  /** Keys that calls have watched, and that Redis has not told of since. */
  readonly #watched = new Set<string>()
  #isOn = false
  #line: Line | undefined
  #listenerId = 0
  #commands: Redis | undefined
  /** The commands' connection, while Redis tells of what it watches. */
  #told: Redis | undefined
  #cancelPing: (() => void) | undefined

  constructor(parts: TrackingParts) {
    this.#parts = parts
  }

  start(): void {
    this.#isOn = true
    this.#listen()
  }

  stop(): void {
    this.#isOn = false
    this.#line?.close()
    this.#cancelPing?.()
    this.#watched.clear()
    // What nobody listens for Redis need not remember.
    this.#told?.call('client', 'tracking', 'off').catch(() => {})
    this.#told = undefined
  }

  /** Commands go on this connection from now on, perhaps to another node: the listener follows it there. */
  follow(commands: Redis): void {
    this.#commands = commands
    this.#told = undefined
    if (this.#isOn) this.#listen()
  }

  /** A call is about to watch keys on this connection. Answers whether Redis will tell if the call asks it to. */
  watch(redis: Redis, keys: readonly string[]): boolean {
    if (!this.#isOn) return false
    for (const key of keys) this.#watched.add(key)
    return redis === this.#told
  }

  /** Whether Redis has still to tell of all these keys. Where nobody listens there is nothing to tell. */
  isWatching(keys: readonly string[]): boolean {
    return !this.#isOn || keys.every((key) => this.#watched.has(key))
  }

  /** The call that should have watched these keys has failed. */
  unwatch(keys: readonly string[]): void {
    for (const key of keys) this.#watched.delete(key)
  }

  onReady(listener: Redis): void {
    listener.on('messageBuffer', (_channel: Buffer, keys: unknown) => this.#changed(keys))
    this.#pingSoon(listener)
    this.#track(listener)
  }

  onGone(): void {
    this.#told = undefined
    this.#cancelPing?.()
  }

  onFailure({ error, isRefusal }: Failure): void {
    if (!isRefusal) return
    this.#line?.close()
    this.#parts.onRefusal(error)
  }

  /** Makes the connection of the listener, anew if there was one. */
  #listen(): void {
    this.#line?.close()
    this.#line = this.#commands && this.#parts.lineOf((listener) => this.#greet(listener), this)
    this.#line?.open()
  }

  async #greet(listener: Redis): Promise<void> {
    this.#listenerId = Number(await listener.call('client', 'id'))
    await listener.subscribe(CHANNEL)
  }

  async #track(listener: Redis): Promise<void> {
    const commands = this.#commands as Redis
    try {
      await commands.call('client', 'tracking', 'on', 'redirect', this.#listenerId, 'optin')
      if (listener !== this.#line?.redis || commands !== this.#commands) return
      this.#told = commands
      if (this.#watched.size > 0) await watchKeys(commands, [...this.#watched])
      this.#parts.onAnything()
    } catch (error) {
      this.#notTracked(listener, callFailure(error))
    }
  }

  #notTracked(listener: Redis, failure: Failure): void {
    // The two are not on one server: between a failover and its end, say. The line tries again.
    if (/client ID .* does not exist/.test(failure.error.message)) this.#leave(listener)
    else this.onFailure(failure)
  }

  #leave(listener: Redis): void {
    this.#line?.leave(listener)
    this.#line?.hangUp(listener)
  }

  /** A connection may be half open: cut, and neither end knows. CLIENT TRACKINGINFO would say that all is well. */
  #pingSoon(listener: Redis): void {
    const { clock } = this.#parts
    this.#cancelPing?.()
    this.#cancelPing = clock.after(PING_MS, () => {
      let isHeard = false
      // After a handler that blocked the event loop, timers come before the answers that have long arrived.
      const judge = () => clock.breathe(() => isHeard || this.#leave(listener))
      this.#cancelPing = clock.after(PONG_MS, judge)
      listener.ping().then(
        () => {
          isHeard = true
          this.#pingSoon(listener)
        },
        () => {},
      )
    })
  }

  /** Keys that have changed. None: all are gone, as after FLUSHALL. */
  #changed(keys: unknown): void {
    if (!Array.isArray(keys)) {
      this.#watched.clear()
      this.#parts.onAnything()
      return
    }
    for (const key of keys.map(String)) {
      this.#watched.delete(key)
      this.#parts.onChange(key)
    }
  }
}
