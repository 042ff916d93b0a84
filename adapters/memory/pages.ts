import type { Page, PageRequest, Place, Row, Scan, ScanRequest } from '../../src/storage.ts'
import type { Position } from './sorted-list.ts'
import type { Store, StoredJob } from './store.ts'

export function page(store: Store, place: Place, { offset, limit, reverse = false }: PageRequest): Page {
  const jobs = store.jobsIn(place)
  if (jobs === undefined) return { rows: [], total: 0 }
  const from = reverse ? Math.max(0, jobs.size - offset - limit) : offset
  const to = reverse ? jobs.size - offset : offset + limit
  const found = jobs.slice(from, to)
  return { rows: rowsOf(place, reverse ? found.reverse() : found), total: jobs.size }
}

/** Goes on behind a position, not at an index: what comes and goes meanwhile shifts no row past the scan. */
export function scan(store: Store, place: Place, { cursor, limit, match = '', jid }: ScanRequest): Scan {
  const looked = store.jobsIn(place)?.after(cursor === undefined ? BEGINNING : positionOf(cursor), limit) ?? []
  const found = looked.filter((job) => (jid === undefined || job.jid === jid) && job.text.includes(match))
  const last = looked.length < limit ? undefined : looked.at(-1)
  return {
    rows: rowsOf(place, found),
    cursor: last && keyOf(last),
  }
}

const BEGINNING: Position = { at: Number.NEGATIVE_INFINITY, seq: 0 }

const rowsOf = (place: Place, jobs: StoredJob[]): Row[] =>
  jobs.map((job) => ({ key: keyOf(job), text: job.text, at: typeof place === 'string' ? job.at : undefined }))

export const keyOf = ({ at, seq }: Position): string => `${at}:${seq}`

/** What is no key leads to a position where no job can be: NaN is neither before nor after anything. */
export function positionOf(key: string): Position {
  const [at, seq] = key.split(':').map(Number)
  return { at: at ?? Number.NaN, seq: seq ?? Number.NaN }
}
