import type { StoredJob } from '../../inspect/stored-job.ts'
import type { Values } from '../command.ts'
import { UsageError } from '../failure.ts'
import type { Shelf } from './shelf.ts'

/** Which jobs of a place are meant. All that is said must hold. */
export const FILTER_OPTIONS = {
  class: { type: 'string', value: 'NAME', help: 'only jobs of this name' },
  queue: { type: 'string', value: 'NAME', help: 'only jobs that go to this queue' },
  error: { type: 'string', value: 'TEXT', help: 'only jobs whose last error has this in it' },
  tag: { type: 'string', value: 'TAG', help: 'only jobs with this tag' },
  match: { type: 'string', value: 'TEXT', help: 'only jobs whose stored text has this in it' },
} as const

export type Filter = Values<typeof FILTER_OPTIONS>

/** How many jobs are shown or changed. */
export const LIMIT_OPTION = { type: 'string', short: 'n', value: 'N', help: 'at most so many' } as const

/** Throws UsageError for what is no count. */
export function limitOf(given: string | undefined, usual: number): number {
  if (given === undefined) return usual
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given)
  throw new UsageError(`--limit needs a whole number of at least 1; got ${given}`)
}

/** True when nothing is said: all jobs are meant. */
export function isEverything({ class: name, queue, error, tag, match }: Filter): boolean {
  return [name, queue, error, tag, match].every((each) => each === undefined)
}

/** The jobs of a place that are meant, in its order. Reads on as you go through them. */
export async function* filtered(shelf: Shelf, filter: Filter): AsyncGenerator<StoredJob, void, void> {
  for await (const job of shelf.jobs.scan(filter.match)) if (isMeant(job, filter)) yield job
}

function isMeant(job: StoredJob, { class: name, queue, error, tag }: Filter): boolean {
  if (name !== undefined && job.class !== name) return false
  if (queue !== undefined && job.queue !== queue) return false
  if (error !== undefined && !`${job.error?.class}: ${job.error?.message}`.includes(error)) return false
  const tags = job.payload?.tags
  return tag === undefined || (Array.isArray(tags) && tags.includes(tag))
}
