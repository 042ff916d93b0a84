export type { AppOptions, ArgumentsNotJson, DeadSetOptions } from './app.ts'
export type { Client, PushPayload } from './client.ts'
export { type Clock, systemClock } from './clock.ts'
export type { DeathHandler, ErrorHandler, Push } from './context.ts'
export type { Cron, CronState } from './cron/cron.ts'
export type { ClassEntry, CronEntries, CronEntry, CronOptions, JobEntry } from './cron/entry.ts'
export type { CronListOptions } from './cron/open.ts'
export type { Duration, DurationParts } from './duration.ts'
export {
  ArgumentError,
  ClosedError,
  hasCode,
  JobCancelledError,
  JobTimeoutError,
  LeaseLostError,
  MalformedPayloadError,
  MiddlewareError,
  NetworkUnavailableError,
  OptionError,
  PoisonedJobError,
  QuaysideError,
  ShutdownError,
  StorageUnavailableError,
  UnknownJobError,
} from './errors.ts'
export type { DiscardReason, EventName, Events, JobEvent, RunEvent, WorkerEvent } from './events.ts'
export type { DeadSet, TimedSet } from './inspect/job-set.ts'
export type { Queue } from './inspect/queue.ts'
export type { StoredJob } from './inspect/stored-job.ts'
export type { PageOptions, SearchOptions } from './inspect/stored-jobs.ts'
export type { BulkOptions, Enqueuer, ErrorMatch, Job, JobSpec, RetryRule } from './job.ts'
export type { EnqueueOptions, JobOptions, UniqueOptions } from './job-options.ts'
export type { Json, Jsonable } from './json-safe.ts'
export { type ConsoleLoggerOptions, consoleLogger, type LogFields, type Logger, type LogLevel } from './logger.ts'
export type { Middleware, MiddlewareChain } from './middleware.ts'
export type { Payload } from './payload.ts'
export { Quayside } from './quayside.ts'
export type { Run } from './run.ts'
export type * from './storage.ts'
export type { Counts, WatchedQueue } from './watch/counts.ts'
export type { JobState, WatchedJob } from './watch/watched-job.ts'
export type { QueueOrder } from './worker/queue-order.ts'
export type { CapsuleOptions, WorkOptions } from './worker/work-options.ts'
export type { RunningNow, StopOptions, Stopped, Worker, WorkerHealth, WorkerStatus } from './worker/worker.ts'
