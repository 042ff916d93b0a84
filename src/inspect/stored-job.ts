import { decodeBacktrace } from '../backtrace.ts'
import { isDate } from '../job-options.ts'
import { instantMs, type Payload, parsePayload } from '../payload.ts'
import type { Row } from '../storage.ts'

/** A job as it lies in a queue or a set. */
export class StoredJob {
  /** The storage's name for this place of it, until it moves on. */
  readonly key: string
  /** Exactly what is stored. */
  readonly text: string
  /** When it is due (scheduled, retry) or died (dead); undefined in a queue. */
  readonly at: Date | undefined
  /** Undefined when the stored bytes are no job. */
  readonly payload: Payload | undefined

  constructor({ key, text, at }: Row) {
    this.key = key
    this.text = text
    this.at = at === undefined ? undefined : new Date(at)
    this.payload = payloadOf(text)
  }

  /** Empty when the stored bytes are no job; so are the other fields. */
  get jid(): string {
    return this.payload?.jid ?? ''
  }

  /** The job's name. */
  get class(): string {
    return this.payload?.class ?? ''
  }

  get args(): readonly unknown[] {
    return this.payload?.args ?? []
  }

  get queue(): string {
    return textOf(this.payload?.queue)
  }

  get createdAt(): Date | undefined {
    return dateOf(this.payload?.created_at)
  }

  get enqueuedAt(): Date | undefined {
    return dateOf(this.payload?.enqueued_at)
  }

  get failedAt(): Date | undefined {
    return dateOf(this.payload?.failed_at)
  }

  /** Why it last failed. */
  get error(): { readonly class: string; readonly message: string } | undefined {
    if (this.payload?.error_class === undefined) return undefined
    return { class: textOf(this.payload.error_class), message: textOf(this.payload.error_message) }
  }

  /** The stack of the last error, where the job keeps one that can be read; no lines otherwise. */
  async backtrace(): Promise<string[]> {
    return decodeBacktrace(textOf(this.payload?.error_backtrace)).catch(() => [])
  }
}

function payloadOf(text: string): Payload | undefined {
  try {
    return parsePayload(text)
  } catch {
    return undefined
  }
}

/** Whoever wrote the payload may have put anything into its fields. */
const textOf = (stored: unknown): string => (typeof stored === 'string' ? stored : '')

function dateOf(stored: unknown): Date | undefined {
  const date = new Date(instantMs(stored) ?? Number.NaN)
  return isDate(date) ? date : undefined
}
