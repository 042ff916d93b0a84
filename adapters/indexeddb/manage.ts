import type { Move, Place } from '../../src/storage.ts'
import { isAny } from './kept.ts'
import { positionOf } from './pages.ts'
import {
  bury,
  type DeadLimits,
  discard,
  enqueue,
  isQueue,
  isWaiting,
  nameOf,
  nameOfQueue,
  range,
  schedule,
  stretchesOf,
  take,
  trim,
} from './places.ts'
import { isAnyRecovered } from './recoveries.ts'
import { type JobRow, type KnownPlace, STORES } from './schema.ts'
import { EMPTY, newMeta, type Step } from './step.ts'

export async function move(step: Step, from: Place, moves: readonly Move[], limits: DeadLimits): Promise<boolean[]> {
  await step.begun
  const place = step.place(nameOf(from))
  const moved: boolean[] = []
  for (const each of moves) {
    const row = await takeAt(step, place, each.key)
    if (row) await put(step, row, each)
    moved.push(row !== undefined)
  }
  if (moves.some(({ to }) => to === 'dead')) await trim(step, step.place('dead'), limits)
  return moved
}

export async function remove(step: Step, place: Place, keys: readonly string[]): Promise<number> {
  await step.begun
  const known = step.place(nameOf(place))
  let removed = 0
  for (const key of keys) {
    const row = await takeAt(step, known, key)
    if (!row) continue
    await discard(step, row)
    removed++
  }
  return removed
}

async function takeAt(step: Step, place: KnownPlace, key: string): Promise<JobRow | undefined> {
  const position = positionOf(key)
  const row = isWaiting(place, position) ? await step.from('jobs').get([place.place, ...position]) : undefined
  if (row) take(step, place, row)
  return row
}

async function put(step: Step, row: JobRow, { to, text = row.text }: Move): Promise<void> {
  if (to === 'dead') await bury(step, step.place(to), row, text)
  else if ('queue' in to) enqueue(step, step.place(nameOfQueue(to.queue)), row.jid, text)
  else schedule(step, step.place(to.set), row.jid, text, to.delayMs)
}

export async function clear(step: Step, place: Place): Promise<number> {
  await step.begun
  const known = step.place(nameOf(place))
  const { size } = known
  // Most places hold no job with something beside it, and need not be read.
  const isPlain = !isAnyRecovered(step) && !(await isAny(step, 'lock'))
  for (const { from, to } of stretchesOf(known)) {
    const all = range(known.place, from, to)
    if (!isPlain) for (const row of await step.from('jobs').getAll(all)) await discard(step, row)
    step.delete('jobs', all)
  }
  empty(step, known)
  return size
}

function empty(step: Step, place: KnownPlace): void {
  Object.assign(place, EMPTY)
  if (isQueue(place.place) && !place.paused) step.forget(place)
  else step.changed(place)
}

export async function pause(step: Step, queue: string, paused: boolean): Promise<void> {
  await step.begun
  const place = step.place(nameOfQueue(queue))
  place.paused = paused
  if (!paused) step.note('claimable')
  if (paused || place.head < EMPTY.head) step.changed(place)
  else step.forget(place)
}

/** The counter stays, so that what a worker of before still says does not hit a new job by chance. */
export async function wipe(step: Step): Promise<void> {
  await step.begun
  const { epoch, seq } = step.meta
  for (const store of STORES) step.clear(store)
  step.remember((meta) => Object.assign(meta, newMeta(epoch), { seq }))
}
