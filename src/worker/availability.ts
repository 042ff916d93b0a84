import type { Context } from '../context.ts'
import { hasCode, toError } from '../errors.ts'

/** Knows whether the storage answers, and tells when that changes: once, not at each failed call. */
export class Availability {
  readonly #context: Context
  #downSince: number | undefined

  constructor(context: Context) {
    this.#context = context
  }

  get isUp(): boolean {
    return this.#downSince === undefined
  }

  succeeded(): void {
    if (this.#downSince === undefined) return
    const downMs = this.#context.clock.monotonic() - this.#downSince
    this.#downSince = undefined
    this.#context.logger.info({ downMs: Math.round(downMs) }, 'the storage answers again')
    this.#context.events.emit('storage:available', { downMs })
  }

  failed(thrown: unknown): void {
    const error = toError(thrown)
    if (!hasCode(error, 'ERR_STORAGE_UNAVAILABLE'))
      this.#context.logger.error({ error }, 'a call of the storage failed')
    if (this.#downSince !== undefined) return
    this.#downSince = this.#context.clock.monotonic()
    this.#context.logger.warn({ reason: error.message }, 'the storage does not answer; the worker keeps trying')
    this.#context.events.emit('storage:unavailable', { error })
  }
}
