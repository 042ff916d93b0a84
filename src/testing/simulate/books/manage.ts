import { short } from '../chronicle.ts'
import { must } from '../violation.ts'
import type { Books } from './books.ts'
import { nameOf, type Seen } from './census.ts'
import type { Entry } from './entries.ts'
import { freeOf } from './locks.ts'
import type { Step } from './step.ts'

export const cancel: Entry<'cancel'> = (books, step, [jid], answer) => {
  const claim = [...books.claims.values()].find((each) => each.jid === jid)
  if (answer === 'running') {
    must(claim !== undefined, () => 'cancel: answers that the job is running, and nobody has it', jid)
    if (claim) claim.isCancelled = true
    books.cancelled.add(jid)
  } else if (answer === 'waiting') end(books, step.left(jid), 'cancelled')
  else
    must(
      (claim === undefined && !step.before.byJid.has(jid)) || isDead(step, jid),
      () => `cancel: answers that the job is gone`,
      jid,
    )
  return ` ${short(jid)}: ${answer}`
}

const isDead = ({ before }: Step, jid: string): boolean => before.byJid.get(jid)?.place === 'dead'

export const move: Entry<'move'> = (books, step, [from, moves], answer) => {
  const told = moves.map(({ key, to }, index) => {
    const row = rowAt(step, nameOf(from), key)
    if (!answer[index] || !row) return 'nothing'
    step.left(row.jid)
    if (to === 'dead') {
      freeOf(books, row.text)
      books.recoveries.delete(row.jid)
      step.arrived(row.jid, 'dead')
    } else if ('set' in to) step.arrived(row.jid, to.set)
    else step.arrived(row.jid, `queue ${to.queue}`, 'back')
    return short(row.jid)
  })
  return ` from ${nameOf(from)}: ${told.join(' ')}`
}

export const remove: Entry<'remove'> = (books, step, [place, keys], answer) => {
  const rows = keys.map((key) => rowAt(step, nameOf(place), key)).filter((row) => row !== undefined)
  for (const row of rows) end(books, step.left(row.jid), 'removed')
  must(answer === rows.length, () => `remove: answers ${answer}, and removed ${rows.length}`)
  return ` from ${nameOf(place)}: ${rows.map(({ jid }) => short(jid)).join(' ')}`
}

export const clear: Entry<'clear'> = (books, step, [place], answer) => {
  const rows = step.before.byPlace.get(nameOf(place)) ?? []
  for (const { jid } of rows) end(books, step.left(jid), 'removed')
  must(answer === rows.length, () => `clear: answers ${answer}, and removed ${rows.length}`)
  return ` ${nameOf(place)}: ${answer}`
}

export const pause: Entry<'pause'> = ({ paused }, _, [queue, isPaused]) => {
  if (isPaused) paused.add(queue)
  else paused.delete(queue)
  return ` ${queue}: ${isPaused}`
}

export const wipe: Entry<'wipe'> = (books, step) => {
  for (const { jid } of step.unexplained) end(books, step.left(jid), 'removed')
  for (const { jid } of books.claims.values()) books.end(jid, 'removed')
  books.clear()
  return ''
}

function rowAt({ before }: Step, place: string, key: string): Seen | undefined {
  return before.byPlace.get(place)?.find((row) => row.key === key)
}

function end(books: Books, seen: Seen | undefined, how: string): void {
  if (!seen) return
  books.end(seen.jid, how)
  freeOf(books, seen.text)
}
