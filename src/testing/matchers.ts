import type { Duration } from '../duration.ts'
import type { Job } from '../job.ts'
import type { ExpectedArgs } from './assert.ts'
import { judgeExactly } from './exactly.ts'
import type { Expectation } from './expectation.ts'
import type { Target } from './target.ts'
import { judge, judgeRetryable, type Verdict } from './verdict.ts'

/** The arguments that a matcher takes: all of the job's, each as a value or as what stands for one; or none for any. */
export type MatcherArgs<T> = T extends Job<infer Args> ? ExpectedArgs<Args> | [] : unknown[]

/** What `expect(job)` can do, and `expect(app)` for all jobs of an app. */
export interface EnqueuedMatchers<T = unknown, R = void> {
  /** Such a job waits: with these arguments, or, without any, with whatever it has. */
  toHaveEnqueued(...args: MatcherArgs<T>): R
  toHaveEnqueuedOn(queue: string, ...args: MatcherArgs<T>): R
  /** Due so long after it was enqueued: within 1 %, and a second. */
  toHaveEnqueuedIn(wait: Duration, ...args: MatcherArgs<T>): R
  /** Due at this instant, within a second. */
  toHaveEnqueuedAt(at: Date, ...args: MatcherArgs<T>): R
  /** Just so many such jobs wait. */
  toHaveEnqueuedTimes(times: number, ...args: MatcherArgs<T>): R
  /** The jobs that wait have just these arguments, one list for each, in any order. */
  toHaveEnqueuedExactly(...argsLists: MatcherArgs<T>[]): R
  /** A job, or a payload from `jobs`, is retried: so often, or at all. true means 25 times. */
  toBeRetryable(retries?: number | boolean): R
}

/** How Vitest and Jest hear of a verdict. */
interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

type Matcher<Args extends unknown[]> = (received: unknown, ...args: Args) => MatcherResult

/** For `expect.extend(matchers)`, of Jest say; Vitest has `import 'quayside/testing/vitest'`. */
export const matchers: {
  toHaveEnqueued: Matcher<unknown[]>
  toHaveEnqueuedOn: Matcher<[queue: string, ...args: unknown[]]>
  toHaveEnqueuedIn: Matcher<[wait: Duration, ...args: unknown[]]>
  toHaveEnqueuedAt: Matcher<[at: Date, ...args: unknown[]]>
  toHaveEnqueuedTimes: Matcher<[times: number, ...args: unknown[]]>
  toHaveEnqueuedExactly: Matcher<unknown[][]>
  toBeRetryable: Matcher<[retries?: number | boolean]>
} = {
  toHaveEnqueued: (received, ...args) => enqueued('toHaveEnqueued', received, args, {}),
  toHaveEnqueuedOn: (received, on, ...args) => enqueued('toHaveEnqueuedOn', received, args, { on }),
  toHaveEnqueuedIn: (received, wait, ...args) => enqueued('toHaveEnqueuedIn', received, args, { in: wait }),
  toHaveEnqueuedAt: (received, at, ...args) => enqueued('toHaveEnqueuedAt', received, args, { at }),
  toHaveEnqueuedTimes: (received, times, ...args) => enqueued('toHaveEnqueuedTimes', received, args, { times }),
  toHaveEnqueuedExactly: (received, ...lists) =>
    resultOf(judgeExactly('toHaveEnqueuedExactly', received as Target, lists)),
  toBeRetryable: (received, retries) => resultOf(judgeRetryable('toBeRetryable', received, retries)),
}

function enqueued(call: string, received: unknown, args: unknown[], options: Expectation): MatcherResult {
  return resultOf(judge(call, received as Target, args.length > 0 ? { ...options, args } : options))
}

const resultOf = ({ passes, message }: Verdict): MatcherResult => ({ pass: passes, message })
