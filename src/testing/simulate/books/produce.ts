import type { Entry as Job } from '../../../storage.ts'
import { short } from '../chronicle.ts'
import { must } from '../violation.ts'
import type { Books } from './books.ts'
import type { Seen } from './census.ts'
import type { Entry } from './entries.ts'
import { take } from './locks.ts'
import type { Step } from './step.ts'

export const push: Entry<'push'> = (books, step, [jobs, { client, number }], refusals) => {
  const isRepeated = books.pushes.has(`${client} ${number}`)
  books.pushes.add(`${client} ${number}`)
  const holders = new Map(refusals.map(({ index, holder }) => [index, holder]))
  for (const [index, job] of jobs.entries()) {
    const holder = holders.get(index)
    if (holder === undefined) store(books, step, job)
    else if (!isRepeated) refuse(books, step, job, holder)
  }
  const refused = holders.size > 0 ? `, refuses ${holders.size}` : ''
  return ` #${number}: stores ${jobs.map(({ jid }) => short(jid)).join(' ')}${refused}`
}

function store(books: Books, step: Step, { jid, queue, delayMs, unique, text, chosen }: Job): void {
  if (books.jobs.has(jid) && !step.hasArrived(jid)) return // stored before: the push, or its chosen jid, is repeated
  must(step.hasArrived(jid), () => 'push: the storage says that the job is stored, and it is nowhere', jid)
  must(!books.jobs.has(jid) || isOver(books, jid, chosen), () => 'push: the job was stored a second time', jid)
  if (delayMs > 0) step.scheduled(jid, 'scheduled', delayMs, text)
  else step.moved(jid, `queue ${queue}`, 'back', text)
  books.jobs.set(jid, '')
  if (unique)
    take(books, { key: unique.key, owner: jid, endsAt: step.now + Math.max(0, delayMs) + unique.forMs }, step.now)
}

/** A jid that the caller chose may come again after a while. */
const isOver = (books: Books, jid: string, chosen = false): boolean => chosen && books.jobs.get(jid) !== ''

function refuse(books: Books, { now }: Step, { jid, unique }: Job, holder: string): void {
  const lock = unique && books.locks.get(unique.key)
  const isRight = lock !== undefined && lock.owner === holder && lock.endsAt > now
  must(isRight, () => `push: refused for ${short(holder)}, which holds no such lock`, jid, holder)
}

export const promote: Entry<'promote'> = (_, step, __, { promoted }) => {
  const due = new Map(step.unexplained.filter(isTimed).map((seen) => [seen.jid, seen]))
  for (const jid of due.keys()) step.left(jid)
  let arrived = 0
  for (const queue of new Set([...due.values()].map(queueOf))) arrived += arrive(step, due, `queue ${queue}`)
  const missing = [...due.keys()].filter((jid) => !isWaiting(step, jid))
  must(arrived === due.size, () => 'promote: a job left its set and came to no queue', ...missing)
  must(arrived === promoted, () => `promote: answers ${promoted}, and promoted ${arrived}`, ...due.keys())
  return promoted > 0 ? `: ${[...due.keys()].map(short).join(' ')}` : ''
}

/** Soonest due first, at the back. Jobs that are due at the same instant have no promised order. */
function arrive(step: Step, due: ReadonlyMap<string, Seen>, place: string): number {
  const rows = step.in(place).filter(({ jid }) => due.has(jid))
  let last = Number.NEGATIVE_INFINITY
  for (const { jid } of rows) {
    const { at = 0 } = due.get(jid) ?? {}
    must(at <= step.now, () => `promote: the job is early by ${at - step.now} ms`, jid)
    must(at >= last, () => 'promote: a job that was due later stands before it', jid)
    last = at
    step.arrived(jid, place, 'back')
  }
  return rows.length
}

const isTimed = ({ place }: Seen): boolean => place === 'scheduled' || place === 'retry'

const isWaiting = (step: Step, jid: string): boolean => step.placeOf(jid)?.startsWith('queue ') === true

function queueOf({ text }: Seen): string {
  try {
    return String((JSON.parse(text) as { queue?: unknown }).queue ?? 'default')
  } catch {
    return 'default'
  }
}
