import type { Page, PageRequest, Place, Row, Scan, ScanRequest } from '../../src/storage.ts'
import { isWaiting, nameOf, type Position, range, type Stretch, stretchesOf } from './places.ts'
import type { JobRow, KnownPlace } from './schema.ts'
import type { Step } from './step.ts'

export async function page(step: Step, place: Place, { offset, limit, reverse = false }: PageRequest): Promise<Page> {
  await step.begun
  const known = step.place(nameOf(place))
  const stretches = stretchesOf(known)
  const found: JobRow[] = []
  let skip = offset
  for (const stretch of reverse ? stretches.reverse() : stretches) {
    const room = limit - found.length
    if (room > 0 && skip < stretch.size) found.push(...(await slice(step, known, stretch, skip, room, reverse)))
    skip = Math.max(0, skip - stretch.size)
  }
  return { rows: rowsOf(place, found), total: known.size }
}

/** Only keys are passed over on the way to an offset, and rows are read many at a time. */
async function slice(
  step: Step,
  { place }: KnownPlace,
  { from, to }: Stretch,
  offset: number,
  limit: number,
  reverse: boolean,
): Promise<JobRow[]> {
  const nth = (count: number, from: Position, to: Position) =>
    // The very last row alone is a range from its own key: there the end of the stretch does not do.
    count === 0 && !(reverse && limit === 1)
      ? undefined
      : keyAt(step, range(place, from, to), reverse ? 'prev' : 'next', count)
  if (!reverse) return step.from('jobs').getAll(range(place, (await nth(offset, from, to)) ?? from, to), limit)
  const last = (await nth(offset, from, to)) ?? to
  const first = limit === 1 ? last : ((await nth(limit - 1, from, last)) ?? from)
  const rows = await step.from('jobs').getAll(range(place, first, last))
  return rows.reverse().slice(0, limit)
}

/** Where the row stands that comes so many behind the first; undefined beyond the end. */
async function keyAt(
  step: Step,
  keys: IDBKeyRange,
  direction: 'next' | 'prev',
  count: number,
): Promise<Position | undefined> {
  const first = await step.from('jobs').openKeyCursor(keys, direction)
  const cursor = count === 0 ? first : await first?.advance(count)
  const [, at, seq] = cursor?.primaryKey ?? []
  return at === undefined || seq === undefined ? undefined : [at, seq]
}

/** Goes on behind a key, not at an index: what comes and goes meanwhile shifts no row past the scan. */
export async function scan(step: Step, place: Place, { cursor, limit, match = '', jid }: ScanRequest): Promise<Scan> {
  await step.begun
  const known = step.place(nameOf(place))
  if (jid !== undefined) return { rows: rowsOf(place, await named(step, known, jid, match)), cursor: undefined }
  const looked = await after(step, known, cursor === undefined ? undefined : positionOf(cursor), limit)
  const last = looked.length < limit ? undefined : looked.at(-1)
  const found = looked.filter(({ text }) => text.includes(match))
  return { rows: rowsOf(place, found), cursor: last && keyOf(last) }
}

/** By the index: a single jid is found in one look, however many jobs wait. */
async function named(step: Step, place: KnownPlace, jid: string, match: string): Promise<JobRow[]> {
  const rows = await step.from('jobs').index('jid').getAll(jid)
  return rows.filter((row) => {
    return row.place === place.place && isWaiting(place, [row.at, row.seq]) && row.text.includes(match)
  })
}

async function after(step: Step, known: KnownPlace, cursor: Position | undefined, limit: number): Promise<JobRow[]> {
  const rows: JobRow[] = []
  for (const { from, to } of stretchesOf(known)) {
    const room = limit - rows.length
    if (room <= 0 || (cursor && !isBefore(cursor, to))) continue
    const isInside = cursor !== undefined && !isBefore(cursor, from)
    const rest = range(known.place, isInside ? cursor : from, to, isInside)
    rows.push(...(await step.from('jobs').getAll(rest, room)))
  }
  return rows
}

const isBefore = (a: Position, b: Position): boolean => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])

const rowsOf = (place: Place, rows: readonly JobRow[]): Row[] =>
  rows.map((row) => ({ key: keyOf(row), text: row.text, at: typeof place === 'string' ? row.at : undefined }))

const keyOf = ({ at, seq }: JobRow): string => `${at}:${seq}`

/** What is no key leads to a position where no job can be. */
export function positionOf(key: string): Position {
  const [at = Number.NaN, seq = Number.NaN] = key.split(':').map(Number)
  return Number.isNaN(at) || Number.isNaN(seq) ? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] : [at, seq]
}
