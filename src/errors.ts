/**
 * Every error that Quayside makes. A literal `name` survives minifiers (it is what Sidekiq's web page shows as
 * `error_class`), a literal `code` survives several copies of this module in one program.
 */
export class QuaysideError extends Error {
  override name = 'QuaysideError'
  readonly code: string = 'ERR_QUAYSIDE'
}

/** True for an error of ours with this code, whichever copy of the library made it. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === code
}

/** An option, a name or a call that cannot be right. Nothing was stored. */
export class OptionError extends QuaysideError {
  override name = 'OptionError'
  override readonly code = 'ERR_OPTION'
}

/** An argument that JSON would change on its way to the worker. Nothing was stored. */
export class ArgumentError extends QuaysideError {
  override name = 'ArgumentError'
  override readonly code = 'ERR_ARGUMENT'
  /** Where the value stands, such as `args[1].when`. */
  readonly path: string
  constructor(path: string, message: string) {
    super(message)
    this.path = path
  }
}

/** Stored bytes that are no payload: not JSON, or without a class or arguments. The raw text goes to the dead set. */
export class MalformedPayloadError extends QuaysideError {
  override name = 'MalformedPayloadError'
  override readonly code = 'ERR_MALFORMED_PAYLOAD'
}

/** A job was claimed whose name this process does not define, or defines without a `perform`. It is retried. */
export class UnknownJobError extends QuaysideError {
  override name = 'UnknownJobError'
  override readonly code = 'ERR_UNKNOWN_JOB'
}

/** A middleware broke the rules of the chain, by calling `next` twice say. */
export class MiddlewareError extends QuaysideError {
  override name = 'MiddlewareError'
  override readonly code = 'ERR_MIDDLEWARE'
}

/** The app, its storage or its worker was used after it had been closed. */
export class ClosedError extends QuaysideError {
  override name = 'ClosedError'
  override readonly code = 'ERR_CLOSED'
}

/**
 * The storage cannot be reached, or refuses work. `outcome` says what became of the call: `'none'` (nothing was done)
 * or `'unknown'` (it may have been done: repeat it with the same push id, jid or request).
 */
export class StorageUnavailableError extends QuaysideError {
  override name = 'StorageUnavailableError'
  override readonly code = 'ERR_STORAGE_UNAVAILABLE'
  readonly outcome: 'none' | 'unknown'
  constructor(message: string, options: ErrorOptions & { outcome?: 'none' | 'unknown' } = {}) {
    super(message, options)
    this.outcome = options.outcome ?? 'none'
  }
}

/** `this.signal.reason` when a job ran longer than its `timeout`. Counts as a failure. */
export class JobTimeoutError extends QuaysideError {
  override name = 'JobTimeoutError'
  override readonly code = 'ERR_JOB_TIMEOUT'
}

/** `this.signal.reason` when somebody called `app.cancel(jid)`. The job is discarded. */
export class JobCancelledError extends QuaysideError {
  override name = 'JobCancelledError'
  override readonly code = 'ERR_JOB_CANCELLED'
}

/**
 * `this.signal.reason` when the worker stops and its patience is over. A handler may throw it too: either way the job
 * is given back and no attempt is spent.
 */
export class ShutdownError extends QuaysideError {
  override name = 'ShutdownError'
  override readonly code = 'ERR_SHUTDOWN'
}

/** `this.signal.reason` when another worker has recovered the job: what this run answers is refused. */
export class LeaseLostError extends QuaysideError {
  override name = 'LeaseLostError'
  override readonly code = 'ERR_LEASE_LOST'
}

/** Why a job is in the dead set that was running whenever its worker vanished, three times within 72 hours. */
export class PoisonedJobError extends QuaysideError {
  override name = 'PoisonedJobError'
  override readonly code = 'ERR_POISONED_JOB'
}

/**
 * Throw it in a job with `requires: 'network'` whose request reached nobody (a login page of the hotel answered, say):
 * the job waits until the network is back, and no attempt is spent. In any other job it is a failure.
 */
export class NetworkUnavailableError extends QuaysideError {
  override name = 'NetworkUnavailableError'
  override readonly code = 'ERR_NETWORK_UNAVAILABLE'
}

/** What a handler threw, as an Error: anything can be thrown, and everything behind here wants a name and a message. */
export function toError(thrown: unknown): Error {
  try {
    return asError(thrown)
  } catch {
    const message = `a ${typeof thrown} was thrown that cannot be read`
    return Object.assign(new Error(message), { name: 'NonError' })
  }
}

/** What is read of an error later on, where nobody expects that reading it throws. */
const READ = ['name', 'message', 'stack', 'code', 'cause']

function asError(thrown: unknown): Error {
  if (thrown instanceof Error) {
    for (const name of READ) Reflect.get(thrown, name)
    return thrown
  }
  if (isErrorLike(thrown)) return Object.assign(new Error(thrown.message, { cause: thrown }), { name: thrown.name })
  return Object.assign(new Error(`a ${typeof thrown} was thrown: ${printable(thrown)}`, { cause: thrown }), {
    name: 'NonError',
  })
}

/** An Error of another realm (an iframe, a vm context) is no `instanceof Error` here. */
function isErrorLike(value: unknown): value is { name: string; message: string } {
  const like = value as { name?: unknown; message?: unknown } | null
  return typeof value === 'object' && typeof like?.name === 'string' && typeof like.message === 'string'
}

function printable(value: unknown): string {
  try {
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}
