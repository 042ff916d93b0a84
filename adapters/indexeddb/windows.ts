import { FRONT, LINE, queueNamed, range, TAKEN } from './places.ts'
import type { JobRow, KnownPlace, Window, WorkerRow } from './schema.ts'
import type { Step } from './step.ts'

/** A job in a worker's keeping: a window, and its number in there. */
export interface Claim {
  readonly window: Window
  readonly index: number
}

export const tokenOf = ({ window, index }: Claim): number => window.first + index

/** Read once for each window. Windows are read anew by each step, so what is kept here ends with it. */
const rows = new WeakMap<Window, Promise<JobRow[]>>()

/** The rows of a window: all that it ever had, also those that have finished. */
export function rowsOf(step: Step, window: Window): Promise<JobRow[]> {
  const known = rows.get(window)
  if (known) return known
  const read = step.from('jobs').getAll(rangeOf(window))
  rows.set(window, read)
  return read
}

export async function rowOf(step: Step, { window, index }: Claim): Promise<JobRow> {
  return (await rowsOf(step, window))[index] as JobRow
}

const rangeOf = ({ place, part, from, to }: Window): IDBKeyRange => range(place, [part, from], [part, to])

/** The claim that has this token; undefined when the worker holds none, or has finished it. */
export function claimWith({ windows }: WorkerRow, token: number): Claim | undefined {
  const window = windows.find(({ first, count }) => token >= first && token < first + count)
  const index = window ? token - window.first : 0
  return window && !window.finished.includes(index) ? { window, index } : undefined
}

/** What a worker holds, in the order in which it was claimed. */
export function claimsOf({ windows }: WorkerRow): Claim[] {
  return windows.flatMap((window) => {
    const finished = new Set(window.finished)
    const all = Array.from({ length: window.count }, (_, index) => ({ window, index }))
    return all.filter(({ index }) => !finished.has(index))
  })
}

export const heldBy = ({ windows }: WorkerRow): number =>
  windows.reduce((sum, { count, finished }) => sum + count - finished.length, 0)

export const hasBegun = ({ window, index }: Claim): boolean => !window.ahead.includes(index)

export const isCancelled = ({ window, index }: Claim): boolean => window.cancelled.includes(index)

export const queueOf = ({ window }: Claim): string => queueNamed(window.place)

export function begin({ window, index }: Claim): void {
  window.ahead = window.ahead.filter((other) => other !== index)
}

export function finish({ window, index }: Claim): void {
  window.finished.push(index)
  window.cancelled = window.cancelled.filter((other) => other !== index)
}

/** Deletes the rows of windows that have finished, but for those that the last request of a lane may ask for again. */
export function dropFinished(step: Step, worker: WorkerRow): void {
  worker.windows = worker.windows.filter((window) => {
    const { count, finished, lane, request } = window
    if (finished.length < count || worker.lanes.get(lane)?.request === request) return true
    drop(step, window)
    return false
  })
}

export function drop(step: Step, window: Window): void {
  step.delete('jobs', rangeOf(window))
}

/** Takes rows, the next that wait in one part of a queue, into a new window. */
export function takeWindow(
  step: Step,
  queue: KnownPlace,
  rows: readonly JobRow[],
  { lane, request }: Pick<Window, 'lane' | 'request'>,
): Window {
  const stretch = rows[0]?.at === LINE ? takeFromLine(queue, rows) : takeFromFront(step, queue, rows)
  const count = rows.length
  queue.size -= count
  step.changed(queue)
  const claim = { first: step.next(count), count, lane, request, claimedAt: step.now }
  return { ...claim, ...stretch, place: queue.place, ahead: [], finished: [], cancelled: [] }
}

type Stretch = Pick<Window, 'part' | 'from' | 'to'>

function takeFromLine(queue: KnownPlace, rows: readonly JobRow[]): Stretch {
  const [from, to] = [seqOf(rows[0]), seqOf(rows.at(-1))]
  queue.head = to + 1
  return { part: LINE, from, to }
}

function takeFromFront(step: Step, queue: KnownPlace, rows: readonly JobRow[]): Stretch {
  const from = step.next(rows.length)
  queue.front -= rows.length
  step.delete('jobs', range(queue.place, [FRONT, seqOf(rows[0])], [FRONT, seqOf(rows.at(-1))]))
  for (const [index, row] of rows.entries()) step.put('jobs', { ...row, at: TAKEN, seq: from + index })
  return { part: TAKEN, from, to: from + rows.length - 1 }
}

const seqOf = (row: JobRow | undefined): number => row?.seq ?? Number.NaN
