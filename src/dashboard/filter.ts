import type { StoredJob } from '../inspect/stored-job.ts'
import { type Parameter, text } from './parameters.ts'
import { jobName, payloadShown } from './payload-view.ts'
import type { Redact } from './redact.ts'

/** What a list of jobs is narrowed to; empty texts say nothing. Its fields are those of addresses and forms. */
export interface Filter {
  /** A part of what is shown of the job. */
  readonly q: string
  readonly class: string
  readonly queue: string
  /** The class of its error. */
  readonly error: string
  readonly tag: string
}

/** How a filter is read from an address. */
export const filterParameters: Readonly<Record<keyof Filter, Parameter<string>>> = {
  q: text(200),
  class: text(300),
  queue: text(200),
  error: text(300),
  tag: text(200),
}

/** The filter alone, of all that a route was given. */
export const filterOf = ({ q, class: job, queue, error, tag }: Filter): Filter => ({ q, class: job, queue, error, tag })

export const isEmpty = (filter: Filter): boolean => Object.values(filterOf(filter)).every((value) => value === '')

/**
 * A text that the storage can look for first, so that few jobs need to be read: the longest of the filter's that JSON
 * writes as it is, whoever wrote it.
 */
export function textToMatch(filter: Filter): string | undefined {
  const plain = Object.values(filterOf(filter)).filter((value) => /^[\w .:@-]+$/.test(value))
  return plain.sort((a, b) => b.length - a.length)[0]
}

/** Whether a job is one of those. What is hidden is not searched: it could be guessed letter by letter. */
export function fits(job: StoredJob, filter: Filter, redact: Redact): boolean {
  if (filter.class && ![jobName(job), job.class].includes(filter.class)) return false
  if (filter.queue && job.queue !== filter.queue) return false
  if (filter.error && job.error?.class !== filter.error) return false
  if (filter.tag && !tagsOf(job).includes(filter.tag)) return false
  return filter.q === '' || (job.text.includes(filter.q) && payloadShown(job, redact).text.includes(filter.q))
}

/** Its tags, whoever wrote them. */
export function tagsOf(job: StoredJob): readonly string[] {
  const tags: unknown = job.payload?.tags
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string').slice(0, 20) : []
}
