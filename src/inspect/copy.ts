import type { App } from '../app.ts'
import { contextOf } from '../context.ts'
import { ArgumentError } from '../errors.ts'
import { assertJsonSafe } from '../json-safe.ts'
import { queueName } from '../options.ts'
import { parsePayload } from '../payload.ts'
import { RawJson, replaceFields } from '../payload-text.ts'
import type { StoredJob } from './stored-job.ts'

/**
 * Enqueues a copy of a job, with a jid of its own and without what became of the first: failures, locks, an end of its
 * time. `args` is the text of other arguments, a JSON array; it is stored as it is written, so that numbers of any size
 * stay exact. Client middleware does not see the copy: it has seen the first. Answers the jid of the copy. Rejects with
 * MalformedPayloadError for bytes that are no job, ArgumentError for arguments that cannot be stored.
 */
export async function copyJob(app: App, job: StoredJob, options: { readonly args?: string } = {}): Promise<string> {
  const context = contextOf(app)
  const jid = context.clock.id()
  const stampedAt = context.stamp(context.clock.now())
  const { queue, text } = copyOf(job.text, { jid, stampedAt, args: options.args })
  const storage = await context.storage()
  await storage.push([{ jid, queue, text, delayMs: 0 }], { client: context.clock.id(), number: 1 })
  return jid
}

/** What belongs to the one job and not to its copy. */
const ITS_OWN = [
  'failed_at',
  'retried_at',
  'retry_count',
  'error_class',
  'error_message',
  'error_backtrace',
  'exception_executions',
  'expires_at',
  'unique_for',
  'unique_until',
  'unique_key',
  'unlocked_at',
  'bid',
]

/** The text of a copy that enters its queue now. Throws MalformedPayloadError and ArgumentError. */
export function copyOf(
  text: string,
  { jid, stampedAt, args }: { readonly jid: string; readonly stampedAt: number; readonly args: string | undefined },
): { readonly queue: string; readonly text: string } {
  const payload = parsePayload(text)
  const queue = queueName.test(payload.queue) ? payload.queue : 'default'
  const cleared = Object.fromEntries(ITS_OWN.map((name) => [name, undefined]))
  const fields = { ...cleared, jid, queue, created_at: stampedAt, enqueued_at: stampedAt }
  return {
    queue,
    text: replaceFields(text, args === undefined ? fields : { ...fields, args: new RawJson(checked(args)) }),
  }
}

function checked(args: string): string {
  let value: unknown
  try {
    value = JSON.parse(args)
  } catch (error) {
    throw new ArgumentError('args', `args is not JSON: ${(error as Error).message}; pass an array such as [7, "visa"]`)
  }
  if (!Array.isArray(value)) throw new ArgumentError('args', 'args is not an array; pass one such as [7, "visa"]')
  assertJsonSafe(value, 'args')
  return args.trim()
}
