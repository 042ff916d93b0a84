import { toMs } from '../duration.ts'
import { toError } from '../errors.ts'
import type { ErrorMatch, JobSpec, RetryRule } from '../job.ts'
import { isRecord, queueName, wholeNumber } from '../options.ts'
import { instantMs, type Payload, type Stamp } from '../payload.ts'
import { failuresOf } from '../run.ts'
import { retryDelayMs, retryJitterMs, waitJitterMs } from './backoff.ts'

/** What is known of a failed run. */
export interface Failure {
  readonly payload: Payload
  /** The job's definition; undefined for a job that this process does not define. */
  readonly spec: JobSpec<never> | undefined
  /** The queue that it was taken from. */
  readonly queue: string
  readonly error: Error
  readonly nowMs: number
  readonly stamp: Stamp
  readonly random: () => number
  /** Told of a `retryIn` or `wait` that threw or answered nonsense; the default holds then. */
  readonly report: (error: unknown) => void
}

/** What becomes of a job that failed. `fields` are what its payload says from now on. */
export type Verdict = { readonly fields: Partial<Payload> } & (
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** Out of retries: `retriesExhausted`, then the dead set. */
  | { readonly kind: 'exhausted' }
  /** Nothing is kept. `isDeath` tells whether death handlers hear of it. */
  | { readonly kind: 'dropped'; readonly isDeath: boolean }
)

/** Sidekiq's limit when `retry` is true. */
const DEFAULT_RETRIES = 25

/** Sidekiq keeps this much of a message. */
const MESSAGE_LENGTH = 10_000

/** Decides what becomes of a failed run. A function of what it is given, but for the user's own callbacks. */
export function decide(failure: Failure): Verdict {
  const { spec, error } = failure
  const fields = failureFields(failure)
  if (spec?.discardOn?.some((match) => matches(error, match))) return { kind: 'dropped', isDeath: false, fields }
  const rule = spec?.retryOn?.find((each) => [each.error].flat().some((match) => matches(error, match)))
  if (rule) return byRule(rule, failure, fields)
  const retry = retryOf(failure)
  if (retry === false) return { kind: 'dropped', isDeath: true, fields }
  const count = fields.retry_count as number
  if (isExhausted(retry, count, failure, fields)) return { kind: 'exhausted', fields }
  return byRetryIn(count, failure, fields)
}

/** A job that nobody here can perform may only be early, or have come to the wrong worker: it is never dropped. */
function retryOf({ payload, spec }: Failure): unknown {
  const retry = payload.retry ?? spec?.retry ?? true
  return retry === false && !spec?.perform ? true : retry
}

/** What every failure writes into the payload: the names and meanings are Sidekiq's. */
export function failureFields({ payload, queue, error, nowMs, stamp }: Failure): Partial<Payload> {
  const isFirst = payload.failed_at === undefined
  return {
    queue: queueName.test(payload.retry_queue) ? payload.retry_queue : queue,
    // A cut may leave half a character, and Ruby refuses a document with one.
    error_message: String(error.message).slice(0, MESSAGE_LENGTH).toWellFormed(),
    // Sidekiq's web page shows this without escaping it.
    error_class:
      String(error.name)
        .replace(/[^\w:.$ -]/g, '')
        .slice(0, 200) || 'Error',
    ...(isFirst ? { failed_at: stamp(nowMs) } : { retried_at: stamp(nowMs) }),
    retry_count: isFirst ? 0 : failuresOf(payload),
  }
}

/** As Sidekiq 8.1: with `retry_for` only time counts. Whatever is neither a number nor false counts as true. */
function isExhausted(retry: unknown, count: number, { payload, nowMs }: Failure, fields: Partial<Payload>): boolean {
  if (typeof payload.retry_for === 'number') {
    const failedMs = instantMs(payload.failed_at ?? fields.failed_at) ?? nowMs
    return failedMs + payload.retry_for * 1_000 < nowMs
  }
  return count >= (typeof retry === 'number' ? retry : DEFAULT_RETRIES)
}

/** Active Job counts the runs of each rule for itself. */
function byRule(rule: RetryRule, failure: Failure, fields: Partial<Payload>): Verdict {
  const name = [rule.error]
    .flat()
    .map((match) => (typeof match === 'string' ? match : match.name))
    .join()
  const stored = failure.payload.exception_executions
  const counts = new Map(Object.entries(isRecord(stored) ? stored : {}))
  const count = counts.get(name)
  const executions = (wholeNumber(0).test(count) ? (count as number) : 0) + 1
  counts.set(name, executions)
  const counted = { ...fields, exception_executions: Object.fromEntries(counts) }
  if (executions >= (rule.attempts ?? 5)) return { kind: 'exhausted', fields: counted }
  const waitMs = ruleWaitMs(rule, executions, failure)
  return { kind: 'retry', delayMs: waitMs + waitJitterMs(waitMs, failure.random), fields: counted }
}

function ruleWaitMs({ wait = '3s' }: RetryRule, executions: number, { report }: Failure): number {
  try {
    return toMs(typeof wait === 'function' ? wait(executions) : wait, 'retryOn: wait')
  } catch (error) {
    report(error)
    return 3_000
  }
}

function byRetryIn(count: number, failure: Failure, fields: Partial<Payload>): Verdict {
  const answer = askRetryIn(count, failure, fields)
  if (answer === 'discard') return { kind: 'dropped', isDeath: true, fields }
  if (answer === 'kill') return { kind: 'exhausted', fields }
  const jitterMs = retryJitterMs(count, failure.random)
  // Sidekiq's jitter is made for its own long delays: to a short one of the user's it adds no more than as much again.
  const delayMs = answer ? answer + Math.min(jitterMs, answer) : retryDelayMs(count) + jitterMs
  return { kind: 'retry', delayMs, fields }
}

/** A delay in milliseconds; 0, as no answer at all, means the default. */
function askRetryIn(count: number, failure: Failure, fields: Partial<Payload>): number | 'discard' | 'kill' {
  try {
    const answer = failure.spec?.retryIn?.(count, failure.error, { ...failure.payload, ...fields })
    if (answer === 'discard' || answer === 'kill') return answer
    return answer === undefined || answer === null ? 0 : toMs(answer, 'retryIn: its answer')
  } catch (error) {
    failure.report(toError(error))
    return 0
  }
}

/** An error matches its class, and its name: another copy of a library has other classes of the same names. */
function matches(error: Error, match: ErrorMatch): boolean {
  return typeof match === 'string' ? error.name === match : error instanceof match
}
