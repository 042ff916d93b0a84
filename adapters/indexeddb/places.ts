import { uniqueLockOf } from '../../src/payload.ts'
import type { Place, StorageSettings } from '../../src/storage.ts'
import { drop } from './kept.ts'
import type { JobRow, KnownPlace } from './schema.ts'
import { unlock } from './small-things.ts'
import type { Step } from './step.ts'

/** How many jobs the dead set keeps, and for how long. */
export type DeadLimits = StorageSettings['dead']

/**
 * The parts of a queue, in the order of their keys. New jobs stand in LINE; those from its `head` on wait, those before
 * it were claimed. What is given back waits in FRONT. A window wants its rows side by side with nothing between them,
 * and FRONT has no head: what is claimed from there moves to TAKEN.
 */
export const TAKEN = 0
export const FRONT = 1
export const LINE = 2

/** Where a row stands within its place. */
export type Position = readonly [at: number, seq: number]

/** A stretch of rows that wait. */
export interface Stretch {
  readonly from: Position
  readonly to: Position
  readonly size: number
}

export const nameOf = (place: Place): string => (typeof place === 'string' ? place : nameOfQueue(place.queue))

/** Behind a prefix, so that a queue may be called `retry`. */
export const nameOfQueue = (queue: string): string => `queue:${queue}`

export const isQueue = (name: string): boolean => name.startsWith('queue:')

export const queueNamed = (name: string): string => name.slice('queue:'.length)

export function range(place: string, from: Position, to: Position, isOpen = false): IDBKeyRange {
  return IDBKeyRange.bound([place, ...from], [place, ...to], isOpen)
}

/** Where the jobs of a place wait, next first. What was claimed lies between and is not among them. */
export function stretchesOf({ place, size, front, head }: KnownPlace): Stretch[] {
  if (!isQueue(place)) return [{ ...across(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY), size }]
  return [
    { ...across(FRONT, FRONT), size: front },
    { ...across(LINE, LINE), from: [LINE, head], size: size - front },
  ]
}

export function isWaiting({ place, head }: KnownPlace, [at, seq]: Position): boolean {
  return !isQueue(place) || at === FRONT || (at === LINE && seq >= head)
}

/** To the back of a queue. */
export function enqueue(step: Step, queue: KnownPlace, jid: string, text: string): void {
  const seq = step.next()
  queue.head = Math.min(queue.head, seq)
  queue.size++
  step.changed(queue)
  step.put('jobs', { place: queue.place, at: LINE, seq, jid, text })
  step.note('claimable')
}

/** To the front of a queue, before all that was given back until now. */
export function giveBack(step: Step, queue: KnownPlace, { jid, text }: JobRow): void {
  const seq = step.next()
  // A queue that was cleared meanwhile begins behind the rows of whoever has claimed there.
  queue.head = Math.min(queue.head, seq)
  queue.size++
  queue.front++
  step.changed(queue)
  step.put('jobs', { place: queue.place, at: FRONT, seq: -seq, jid, text })
  step.note('claimable')
}

/** To the scheduled or the retry set. */
export function schedule(step: Step, set: KnownPlace, jid: string, text: string, delayMs: number): void {
  const at = step.now + Math.max(0, delayMs)
  set.size++
  step.changed(set)
  step.put('jobs', { place: set.place, at, seq: step.next(), jid, text })
  if (at >= step.meta.dueAt) return
  // Promoters sleep until the soonest job is due. One that is sooner must wake them.
  step.meta.dueAt = at
  step.note('due')
}

/** To the dead set, with this text if it has a new one. The set is to be trimmed before the step ends. */
export async function bury(step: Step, dead: KnownPlace, job: JobRow, text: string = job.text): Promise<void> {
  dead.size++
  step.changed(dead)
  step.put('jobs', { place: dead.place, at: step.now, seq: step.next(), jid: job.jid, text })
  await discard(step, job)
}

export async function trim(step: Step, dead: KnownPlace, { max, forMs }: DeadLimits): Promise<void> {
  const { from, to } = across(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
  const [tooMany, tooOld] = await Promise.all([
    dead.size < max ? [] : step.from('jobs').getAllKeys(range(dead.place, from, to), dead.size - max + 1),
    step.from('jobs').getAllKeys(range(dead.place, from, [step.now - forMs, Number.NEGATIVE_INFINITY])),
  ])
  const ended = tooMany.length > tooOld.length ? tooMany : tooOld
  const last = ended.at(-1)
  if (!last) return
  step.delete('jobs', IDBKeyRange.bound([dead.place], last))
  dead.size -= ended.length
}

/** Takes a waiting row out of its place. */
export function take(step: Step, place: KnownPlace, { at, seq }: JobRow): void {
  step.delete('jobs', [place.place, at, seq])
  place.size--
  if (isQueue(place.place) && at === FRONT) place.front--
  step.changed(place)
}

/** Lets go of what is kept beside a job that will not run again. */
export async function discard(step: Step, { jid, text }: JobRow): Promise<void> {
  drop(step, 'recovery', jid)
  const held = uniqueLockOf(text)
  if (held) await unlock(step, held.key, held.owner)
}

const across = (first: number, last: number): { from: Position; to: Position } => ({
  from: [first, Number.NEGATIVE_INFINITY],
  to: [last, Number.POSITIVE_INFINITY],
})
