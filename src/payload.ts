import { MalformedPayloadError } from './errors.ts'
import { parseObject, replaceFields } from './payload-text.ts'

/**
 * The record of one enqueued job, field for field Sidekiq's, so that Ruby can read it. Instants are seconds since 1970
 * as numbers with a fraction; lengths of time are seconds. Fields that nobody here knows travel untouched.
 */
export interface Payload {
  /** The job's name. */
  class: string
  args: unknown[]
  /** 24 hex digits when made here; any string of others. */
  jid: string
  queue: string
  /** true: 25 retries; a number: that many; 0: the first failure goes to the dead set; false: nothing is kept. */
  retry?: boolean | number
  created_at?: number
  /** When it last entered a queue. Absent while scheduled. */
  enqueued_at?: number
  failed_at?: number
  retried_at?: number
  /** 0 after the first failure. */
  retry_count?: number
  error_class?: string
  error_message?: string
  /** A JSON array of lines, deflated (zlib), in base64. */
  error_backtrace?: string
  backtrace?: boolean | number
  retry_queue?: string
  retry_for?: number
  dead?: boolean
  tags?: string[]
  /** The instant after which the job is discarded instead of performed. Ours, not Sidekiq's. */
  expires_at?: number
  unique_for?: number
  unique_until?: 'start' | 'success'
  /** The name of the unique lock that this jid holds. Ours, not Sidekiq's. */
  unique_key?: string
  /** The job waits, and spends no attempt, while this is away. Ours, not Sidekiq's. */
  requires?: 'network'
  /** In the scheduled set: it waits for this, however far its time is. Ours, not Sidekiq's. */
  waiting_for?: 'network'
  /** How often each rule of `retryOn` has been used, by its error's name. Active Job's name and idea. */
  exception_executions?: Record<string, number>
  /** Of which periodic entry it is, and (when no hand enqueued it) of which of its ticks, in ISO 8601. Ours. */
  cron?: { readonly name: string; readonly at?: string }
  [field: string]: unknown
}

/** How an instant is written into a payload: `toSeconds`, or `toMilliseconds` where only Sidekiq 8 reads it. */
export type Stamp = (atMs: number) => number

/** As Sidekiq 8 writes instants: integer milliseconds. Older ones read that as seconds, in the year 58861. */
export const toMilliseconds: Stamp = Math.round

/**
 * An instant as every Sidekiq reads it: float seconds, always with a fraction, because Ruby 8.x reads an integer as
 * milliseconds. A whole second is therefore moved by one millisecond.
 */
export function toSeconds(atMs: number): number {
  const ms = Math.round(atMs)
  return (ms % 1000 === 0 ? ms + 1 : ms) / 1000
}

/**
 * The milliseconds of a stored instant, whichever Sidekiq wrote it: 8.x writes integer milliseconds, others seconds.
 */
export function instantMs(stored: unknown): number | undefined {
  if (typeof stored !== 'number' || !Number.isFinite(stored)) return undefined
  return stored < 1e11 ? Math.round(stored * 1000) : stored
}

/** The payload of a stored text. Throws MalformedPayloadError when it is none. */
export function parsePayload(text: string): Payload {
  const value = parseObject(text)
  if (typeof value.class !== 'string' || value.class === '') throw malformed('no class')
  if (!Array.isArray(value.args)) throw malformed('no array of arguments')
  if (typeof value.jid !== 'string' || value.jid === '') throw malformed('no jid')
  return value as Payload
}

const malformed = (what: string): MalformedPayloadError => new MalformedPayloadError(`The stored job has ${what}.`)

/** The unique lock that a stored job may hold. Cheap for the many that hold none. */
export function uniqueLockOf(text: string): { key: string; owner: string } | undefined {
  if (!text.includes('"unique_key"')) return undefined
  try {
    const { unique_key: key, jid: owner } = parsePayload(text)
    return typeof key === 'string' ? { key, owner } : undefined
  } catch {
    return undefined
  }
}

/** The jid of a stored job, or an empty string when its text is no payload. */
export function jidOf(text: string): string {
  try {
    return parsePayload(text).jid
  } catch {
    return ''
  }
}

/** The text of a job that enters its queue now, with only `enqueued_at` changed; bad bytes stay as they are. */
export function enqueuedText(text: string, nowMs: number, stamp: Stamp = toSeconds): string {
  try {
    return replaceFields(text, { enqueued_at: stamp(nowMs) })
  } catch {
    return text
  }
}
