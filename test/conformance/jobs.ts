import type { Entry, PushId, Refusal, Storage } from '../../src/storage.ts'

export interface JobOptions {
  readonly queue?: string
  readonly delayMs?: number
  readonly chosen?: boolean
  readonly unique?: { readonly key: string; readonly forMs: number }
  /** More fields of the payload. */
  readonly fields?: Readonly<Record<string, unknown>>
}

/** A job on its way in, with a proper payload. */
export function job(jid: string, options: JobOptions = {}): Entry {
  const { queue = 'default', delayMs = 0, chosen, unique, fields } = options
  const payload = {
    class: 'ConformanceJob',
    args: [jid],
    retry: true,
    queue,
    jid,
    created_at: 1767268800.001,
    ...(delayMs > 0 ? {} : { enqueued_at: 1767268800.001 }),
    ...(unique ? { unique_key: unique.key } : {}),
    ...fields,
  }
  return { jid, queue, delayMs, chosen: chosen === true, text: JSON.stringify(payload), ...(unique ? { unique } : {}) }
}

/** Many of them: `<name>-0`, `<name>-1` and so on. */
export function jobs(name: string, count: number, options: JobOptions = {}): Entry[] {
  return Array.from({ length: count }, (_, index) => job(`${name}-${index}`, options))
}

/** A job whose text is whatever it is. */
export function raw(jid: string, text: string, delayMs = 0): Entry {
  return { jid, queue: 'default', delayMs, text }
}

let pushes = 0

/** A push id that no other push has. */
export const pushId = (): PushId => ({ client: 'conformance', number: ++pushes })

export function push(storage: Storage, ...entries: Entry[]): Promise<Refusal[]> {
  return storage.push(entries, pushId())
}

/** The jids of whatever carries payloads. */
export function jids(carriers: readonly { readonly text: string }[]): string[] {
  return carriers.map(({ text }) => JSON.parse(text).jid)
}
