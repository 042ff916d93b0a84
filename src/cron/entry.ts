import type { PushPayload } from '../client.ts'
import { OptionError } from '../errors.ts'
import { Enqueuer } from '../job.ts'
import { retries } from '../job-options.ts'
import { assertJsonSafe } from '../json-safe.ts'
import { aBoolean, checkOptions, describe, isRecord, jobName, oneOf, queueName, type Rules, rule } from '../options.ts'
import { checkTiming, type Timing } from './schedule.ts'

/** When an entry ticks, and what then becomes of the job. */
export interface CronOptions {
  /** Five fields, six with seconds first, or a nickname: @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually. */
  readonly cron: string
  /** Whose clocks `cron` is about: an IANA name. Default 'UTC', in every process the same. */
  readonly timezone?: string
  /** Default: the job's own. */
  readonly queue?: string
  /**
   * What becomes of ticks at whose time nobody was there. 'once' (default): one job for all of them, with the time of
   * the last. 'all': a job for each, for the last 100 at most. 'skip': nothing for those more than two minutes ago.
   */
  readonly missed?: 'once' | 'all' | 'skip'
  /** 'skip': no job while the one of the last tick still waits, runs, or is to be retried. Default 'allow'. */
  readonly overlap?: 'allow' | 'skip'
  /** For those who look at it. */
  readonly description?: string
  /** false: it is stored, and does not tick. Default true. */
  readonly enabled?: boolean
}

/** Arguments may be left out where the job takes none. */
type Arguments<Args extends unknown[]> = [] extends Args ? { readonly args?: Args } : { readonly args: Args }

/** A job of this app, also as `Job.set(options)`. */
export type JobEntry<Args extends unknown[]> = CronOptions &
  Arguments<NoInfer<Args>> & { readonly job: Enqueuer<Args>; readonly class?: undefined }

/** A job that is performed elsewhere, by its name. */
export type ClassEntry = CronOptions & {
  readonly class: string
  readonly job?: undefined
  readonly args?: readonly unknown[]
  readonly retry?: boolean | number
}

/** One periodic job. */
export type CronEntry<Args extends unknown[] = never> = JobEntry<Args> | ClassEntry

/** Periodic jobs by name. */
export type CronEntries<All extends Record<string, unknown[]>> = { readonly [Name in keyof All]: CronEntry<All[Name]> }

/** An entry as it is stored: all that another process needs to enqueue its job, to which the job may be unknown. */
export interface Definition extends Timing {
  readonly name: string
  /** What each of its jobs begins with: all but jid, instants and tick. */
  readonly payload: PushPayload
  readonly expiresInMs?: number
  readonly missed: 'once' | 'all' | 'skip'
  readonly overlap: 'allow' | 'skip'
  readonly description?: string
  readonly enabled: boolean
}

const entryName = rule(
  'a name of 1 to 128 characters, without quotes, < and > and line breaks',
  (value) => typeof value === 'string' && /^[^<>"'`\p{Cc}]{1,128}$/u.test(value),
)

const ENTRY: Rules = {
  // Its own check says more.
  cron: rule('', () => true),
  timezone: rule('', () => true),
  job: rule('a job of app.job(), or what its set() answers', (value) => value instanceof Enqueuer),
  class: jobName,
  args: rule('an array of arguments', Array.isArray),
  queue: queueName,
  retry: retries,
  missed: oneOf('once', 'all', 'skip'),
  overlap: oneOf('allow', 'skip'),
  description: rule('a string', (value) => typeof value === 'string'),
  enabled: aBoolean,
}

/** Checks an entry, and answers what is stored of it. Throws OptionError, or ArgumentError for its arguments. */
export function define(name: string, entry: CronEntry<never>, now: number): Definition {
  if (!entryName.test(name))
    throw new OptionError(`app.cron(): an entry needs ${entryName.expected}; got ${describe(name)}.`)
  const where = `app.cron(): '${name}'`
  if (!isRecord(entry)) throw new OptionError(`${where} must be an object with cron and job; got ${describe(entry)}.`)
  checkOptions(where, entry, ENTRY)
  const { cron, timezone = 'UTC', missed = 'once', overlap = 'allow', description, enabled = true } = entry
  checkTiming(where, { cron, timezone }, now)
  const { payload, expiresInMs } = templateOf(where, entry)
  return {
    name,
    cron,
    timezone,
    payload,
    ...(expiresInMs === undefined ? {} : { expiresInMs }),
    missed,
    overlap,
    ...(description === undefined ? {} : { description }),
    enabled,
  }
}

function templateOf(where: string, entry: CronEntry<never>): Pick<Definition, 'payload' | 'expiresInMs'> {
  if ((entry.job === undefined) === (entry.class === undefined)) {
    throw new OptionError(
      `${where} needs a job of app.job(), or the class of one that is performed elsewhere; one of them.`,
    )
  }
  assertJsonSafe(entry.args ?? [], `${where}: args`)
  // A copy: what the caller changes later is not what was checked.
  const args: unknown[] = JSON.parse(JSON.stringify(entry.args ?? []))
  if (entry.job === undefined) {
    const { class: job, queue = 'default', retry = true } = entry
    return { payload: { class: job, queue, retry, args }, expiresInMs: undefined }
  }
  const { job, head, jid, waitMs, atMs, expiresInMs } = entry.job.plan
  if (jid !== undefined || waitMs > 0 || atMs !== undefined) {
    throw new OptionError(`${where}: the job is set() with a jid or a time; each tick brings its own.`)
  }
  return { payload: { ...head, class: job, queue: entry.queue ?? entry.job.plan.queue, args }, expiresInMs }
}
