import type { App } from '../app.ts'
import type { Job } from '../job.ts'
import { judgeExactly } from './exactly.ts'
import type { EnqueuedOptions, Expectation } from './expectation.ts'
import type { Expected } from './matching.ts'
import type { Target } from './target.ts'
import { judge, judgeRetryable, type Verdict } from './verdict.ts'
import type { EnqueuedJob } from './waiting.ts'

/** The arguments of a job, each as a value or as what stands for one. */
export type ExpectedArgs<Args extends unknown[]> = { readonly [K in keyof Args]: Expected<Args[K]> }

/** What a test runner knows an assertion by. */
class AssertionError extends Error {
  override name = 'AssertionError'
  readonly code = 'ERR_ASSERTION'
}

/**
 * Throws an AssertionError unless such a job waits: with these arguments, and as the options say. The message shows
 * what is enqueued instead. For any test runner; a function in place of an argument is asked about it.
 */
export function assertEnqueued<Args extends unknown[]>(
  job: Job<Args>,
  args: ExpectedArgs<Args>,
  options?: EnqueuedOptions,
): void
export function assertEnqueued(target: App | Job<never>, options?: EnqueuedOptions): void
export function assertEnqueued(target: Target, ...rest: Rest): void {
  assert(judge('assertEnqueued', target, expectationOf(rest)), true)
}

/** Throws an AssertionError if such a job waits. */
export function assertNotEnqueued<Args extends unknown[]>(
  job: Job<Args>,
  args: ExpectedArgs<Args>,
  options?: EnqueuedOptions,
): void
export function assertNotEnqueued(target: App | Job<never>, options?: EnqueuedOptions): void
export function assertNotEnqueued(target: Target, ...rest: Rest): void {
  assert(judge('assertNotEnqueued', target, expectationOf(rest)), false)
}

/** Throws an AssertionError unless the waiting jobs have just these arguments, one list for each, in any order. */
export function assertEnqueuedExactly<Args extends unknown[]>(
  job: Job<Args>,
  argsLists: readonly ExpectedArgs<Args>[],
): void {
  assert(judgeExactly('assertEnqueuedExactly', job as unknown as Job<never>, argsLists as readonly unknown[][]), true)
}

/** Throws an AssertionError unless a job, or a payload of one, is retried: so often, or at all. true means 25 times. */
export function assertRetryable(job: Job<never> | EnqueuedJob, retries?: number | boolean): void {
  assert(judgeRetryable('assertRetryable', job, retries), true)
}

type Rest = readonly [first?: readonly unknown[] | EnqueuedOptions | undefined, options?: EnqueuedOptions | undefined]

function expectationOf([first = {}, options]: Rest): Expectation {
  return Array.isArray(first) ? { ...options, args: first } : (first as EnqueuedOptions)
}

function assert({ passes, message }: Verdict, wanted: boolean): void {
  if (passes !== wanted) throw new AssertionError(message())
}
