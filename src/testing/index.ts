export {
  assertEnqueued,
  assertEnqueuedExactly,
  assertNotEnqueued,
  assertRetryable,
  type ExpectedArgs,
} from './assert.ts'
export { advance, type DrainOptions, drain, drainQueue, performOne } from './drain.ts'
export type { EnqueuedOptions } from './expectation.ts'
export { clear, jobs, queues } from './jobs.ts'
export { type EnqueuedMatchers, type MatcherArgs, matchers } from './matchers.ts'
export type { Expected } from './matching.ts'
export { disable, fake, type InlineOptions, inline } from './modes.ts'
export type { EnqueuedJob } from './waiting.ts'
