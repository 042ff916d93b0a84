import type { DeadSet, TimedSet } from '../../inspect/job-set.ts'
import type { Queue } from '../../inspect/queue.ts'
import { nearest } from '../../options.ts'
import type { Quayside } from '../../quayside.ts'
import { UsageError } from '../failure.ts'
import { checkedQueue } from './queue-name.ts'

/** A place with jobs, as people name it on the command line. */
export type Shelf = { readonly name: string } & (
  | { readonly kind: 'queue'; readonly jobs: Queue }
  | { readonly kind: 'scheduled' | 'retries'; readonly jobs: TimedSet }
  | { readonly kind: 'dead'; readonly jobs: DeadSet }
)

const SETS = ['scheduled', 'retries', 'dead'] as const

/** What `quayside help` says of a shelf's name. */
export const SHELF_NOTE =
  'QUEUE is the name of a queue. One that is called as a set is named so: queue:retries, queue:scheduled, queue:dead.'

/** The shelf of this name: a set, or else a queue. Throws UsageError for what cannot be one. */
export function shelfNamed(app: Quayside, name: string): Shelf {
  if (name === 'scheduled') return { name, kind: name, jobs: app.scheduled }
  if (name === 'retries') return { name, kind: name, jobs: app.retries }
  if (name === 'dead') return { name, kind: name, jobs: app.dead }
  const queue = checkedQueue(name.replace(/^queue:/, ''))
  return { name: queue, kind: 'queue', jobs: app.queue(queue) }
}

/** The same, for what only sets can do. */
export function setNamed(
  app: Quayside,
  name: string,
  can: readonly Shelf['kind'][],
): Exclude<Shelf, { kind: 'queue' }> {
  const shelf = shelfNamed(app, name)
  if (shelf.kind !== 'queue' && can.includes(shelf.kind)) return shelf
  const near = nearest(name, SETS)
  throw new UsageError(`${name} is not one of ${can.join(', ')}${near ? `; did you mean ${near}?` : ''}`)
}
