import type { StoredJob } from '../inspect/stored-job.ts'
import { digest } from './digest.ts'
import { type Filter, fits, isEmpty, textToMatch } from './filter.ts'
import type { ShownPlace } from './place.ts'
import type { Redact } from './redact.ts'

/** Rows of a page. */
export const PAGE_SIZE = 25

/** The most jobs that one page looks at to find those that fit: a million would take seconds. */
const MOST_LOOKED = 3_000
const STEP = 500

/** What a look at a place found. */
export interface Found {
  readonly jobs: readonly StoredJob[]
  /** How many jobs the place holds. */
  readonly total: number
  /** How many were looked at; undefined where it was all, or a page of all. */
  readonly looked: number | undefined
  /** Where to look further; undefined when that was the end. */
  readonly cursor: string | undefined
}

/** A page of all. */
export async function lookAtPage({ jobs, isNewestFirst }: ShownPlace, page: number): Promise<Found> {
  const found = await jobs.page({ offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE, reverse: isNewestFirst })
  return { ...found, looked: undefined, cursor: undefined }
}

/**
 * Jobs that fit a filter: about a page of them, or as many as there are among those that one page may look at. The order
 * of a search is the storage's own, so they are put in order here.
 */
export async function lookFor(place: ShownPlace, filter: Filter, redact: Redact, from?: string): Promise<Found> {
  const total = await place.jobs.size()
  const text = textToMatch(filter)
  const found: StoredJob[] = []
  let looked = 0
  let cursor = from
  do {
    const limit = stepOf(looked, found.length)
    const step = await place.jobs.search({ text, limit, cursor })
    found.push(...step.jobs.filter((job) => fits(job, filter, redact)))
    cursor = step.cursor
    looked += limit
  } while (cursor !== undefined && looked < MOST_LOOKED && found.length < PAGE_SIZE)
  const isAll = cursor === undefined && from === undefined
  return { jobs: inOrder(found, place), total, looked: isAll ? undefined : Math.min(looked, total), cursor }
}

/**
 * How many jobs to look at next. What a step finds is all shown, since a cursor leads on behind it: so where many fit it
 * is small, and where few do it grows.
 */
function stepOf(looked: number, found: number): number {
  if (looked === 0) return PAGE_SIZE
  const wanted = found === 0 ? 4 * looked : Math.ceil(((PAGE_SIZE - found) * looked) / found)
  return Math.min(wanted, STEP, MOST_LOOKED - looked)
}

/** How many jobs fit; where there are too many to look at all of them, how many of the first do. */
export async function countMatches(
  place: ShownPlace,
  filter: Filter,
  redact: Redact,
): Promise<{ count: number; isAll: boolean }> {
  if (isEmpty(filter)) return { count: await place.jobs.size(), isAll: true }
  const text = textToMatch(filter)
  let count = 0
  let cursor: string | undefined
  for (let looked = 0; looked < MOST_LOOKED; looked += STEP) {
    const step = await place.jobs.search({ text, limit: STEP, cursor })
    count += step.jobs.filter((job) => fits(job, filter, redact)).length
    cursor = step.cursor
    if (cursor === undefined) return { count, isAll: true }
  }
  return { count, isAll: false }
}

function inOrder(jobs: readonly StoredJob[], { isNewestFirst }: ShownPlace): readonly StoredJob[] {
  const sign = isNewestFirst ? -1 : 1
  return [...jobs].sort((a, b) => sign * ((a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0)))
}

/** A short name for a row: its key may be as long as its text. */
export const rowId = (job: StoredJob): string => digest(job.key)

/** Where rows were seen: on which page, or by which search. */
export interface Seen {
  readonly page: number
  readonly cursor: string | undefined
  readonly filter: Filter
}

/** How far rows may have moved up or down since they were shown, without a search for them. */
const SLACK = 200

/**
 * The jobs with these row ids, as far as they are still there: first about where they were seen, then, for those that
 * have moved, among the first that a page may look at.
 */
export async function findRows(
  place: ShownPlace,
  ids: readonly string[],
  { page, cursor: from, filter }: Seen,
): Promise<StoredJob[]> {
  const wanted = new Set(ids)
  const found: StoredJob[] = []
  const take = (jobs: readonly StoredJob[]) => {
    for (const job of jobs) if (wanted.delete(rowId(job))) found.push(job)
  }
  if (isEmpty(filter)) {
    const offset = Math.max(0, (page - 1) * PAGE_SIZE - SLACK)
    take((await place.jobs.page({ offset, limit: PAGE_SIZE + 2 * SLACK, reverse: place.isNewestFirst })).jobs)
  }
  let cursor = from
  for (let looked = 0; wanted.size > 0 && looked < 2 * MOST_LOOKED; looked += STEP) {
    const step = await place.jobs.search({ text: textToMatch(filter), limit: STEP, cursor })
    take(step.jobs)
    cursor = step.cursor
    if (cursor === undefined) break
  }
  return found
}

/** One job: the very row, or else one of the same jid that has moved within its place. */
export async function findJob(
  place: ShownPlace,
  id: string,
  jid: string,
  page: number,
): Promise<StoredJob | undefined> {
  const offset = Math.max(0, (page - 1) * PAGE_SIZE - SLACK)
  const near = await place.jobs.page({ offset, limit: PAGE_SIZE + 2 * SLACK, reverse: place.isNewestFirst })
  const row = near.jobs.find((job) => rowId(job) === id) ?? near.jobs.find((job) => jid !== '' && job.jid === jid)
  if (row || jid === '') return row
  let cursor: string | undefined
  for (let looked = 0; looked < 2 * MOST_LOOKED; looked += 1_000) {
    const step = await place.jobs.search({ jid, limit: 1_000, cursor })
    if (step.jobs[0]) return step.jobs[0]
    cursor = step.cursor
    if (cursor === undefined) return undefined
  }
  return undefined
}
