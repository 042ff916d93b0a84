import type { Redis } from 'ioredis'
import type { Clock } from '../../../src/clock.ts'
import { ClosedError, StorageUnavailableError } from '../../../src/errors.ts'
import { callFailure, cut, type Failure } from './failure.ts'
import type { Line, LineEvents } from './line.ts'

/** Sends a call, that has waited for a connection so long. */
export type Send<T> = (redis: Redis, waitedMs: number) => Promise<T>

/** A call that has no answer yet. */
interface Call {
  readonly send: Send<unknown>
  readonly deadline: number
  readonly resolve: (answer: never) => void
  readonly reject: (error: Error) => void
  /** Where it went. Undefined: it waits for a connection, and nothing of it was sent. */
  redis: Redis | undefined
}

/**
 * Sends calls on a line, and sees to it that each one ends: with an answer, or within its time with an error that tells
 * whether it may have been carried out. What was certainly not carried out is sent again on the next connection.
 */
export class Dispatcher implements LineEvents {
  readonly #clock: Clock
  readonly #timeoutMs: number
  /** In the order of their deadlines, since all have the same time. */
  readonly #calls = new Set<Call>()
  #line: Line | undefined
  #cancelTimer: (() => void) | undefined
  #isClosed = false
  #onIdle: (() => void) | undefined

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock
    this.#timeoutMs = timeoutMs
  }

  /** Begins to use a line. Before, no call may be made. */
  use(line: Line): void {
    this.#line = line
    line.open()
  }

  call<T>(send: Send<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#isClosed) throw closed()
      const deadline = this.#clock.monotonic() + this.#timeoutMs
      const call: Call = { send, deadline, resolve, reject, redis: undefined }
      this.#calls.add(call)
      // One timer for all calls: it is set for the oldest, and not moved when that one ends.
      if (!this.#cancelTimer) this.#startTimer(this.#timeoutMs)
      this.#dispatch(call)
    })
  }

  onReady(): void {
    for (const call of this.#calls) if (!call.redis) this.#dispatch(call)
  }

  onGone(redis: Redis): void {
    for (const call of this.#calls) {
      if (call.redis === redis) this.#fail(call, cut('The connection to Redis was cut before it answered.'))
    }
  }

  /** Calls wait for Redis to come back, but not for a person to put right what is wrong. */
  onFailure({ error, hopeless }: Failure): void {
    if (hopeless) for (const call of this.#calls) if (!call.redis) this.#fail(call, error)
  }

  /** Ends what waits for a connection, and resolves when what was sent has ended too. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const call of this.#calls) if (!call.redis) this.#fail(call, closed())
    if (this.#calls.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve
      })
    }
    this.#cancelTimer?.()
    this.#line?.close()
  }

  #dispatch(call: Call): void {
    const redis = this.#line?.redis
    if (!redis) return
    call.redis = redis
    const waitedMs = this.#timeoutMs - (call.deadline - this.#clock.monotonic())
    call.send(redis, waitedMs).then(
      (answer) => {
        this.#end(call)
        call.resolve(answer as never)
      },
      (error) => this.#failed(call, redis, error),
    )
  }

  #failed(call: Call, redis: Redis, thrown: unknown): void {
    if (!this.#calls.has(call)) return
    const failure = callFailure(thrown)
    if (!failure.elsewhere || failure.hopeless || this.#isClosed) {
      this.#fail(call, failure.error)
      return
    }
    call.redis = undefined
    this.#line?.leave(redis, failure)
    this.#hangUpIfIdle(redis)
    // Another call may have brought the next connection already.
    this.#dispatch(call)
  }

  #fail(call: Call, error: Error): void {
    this.#end(call)
    call.reject(error)
  }

  #end(call: Call): void {
    this.#calls.delete(call)
    if (call.redis && call.redis !== this.#line?.redis) this.#hangUpIfIdle(call.redis)
    if (this.#calls.size === 0) this.#onIdle?.()
  }

  /** A connection that was left is ended when all that was sent on it is answered. */
  #hangUpIfIdle(redis: Redis): void {
    for (const call of this.#calls) if (call.redis === redis) return
    this.#line?.hangUp(redis)
  }

  #startTimer(ms: number): void {
    this.#cancelTimer = this.#clock.after(ms, () => {
      // After a handler that blocked the event loop, timers come before the answers that have long arrived.
      this.#clock.breathe(() => this.#expire())
    })
  }

  #expire(): void {
    this.#cancelTimer = undefined
    const now = this.#clock.monotonic()
    for (const call of this.#calls) {
      if (call.deadline > now) {
        this.#startTimer(call.deadline - now)
        return
      }
      if (call.redis) this.#giveUp(call.redis)
      else this.#fail(call, this.#unsent())
    }
  }

  /** Redis did not answer in time: nothing that was sent on this connection will be waited for. */
  #giveUp(redis: Redis): void {
    const error = cut(`Redis did not answer within ${this.#timeoutMs} ms.`)
    this.#line?.leave(redis, { error, elsewhere: true, hopeless: false, isRefusal: false })
    for (const call of this.#calls) if (call.redis === redis) this.#fail(call, error)
  }

  #unsent(): StorageUnavailableError {
    const reason = this.#line?.failure?.error.message ?? 'There is no connection to Redis.'
    return new StorageUnavailableError(`Redis could not be asked within ${this.#timeoutMs} ms. ${reason}`)
  }
}

function closed(): ClosedError {
  return new ClosedError('The storage is closed: open it again to go on.')
}
