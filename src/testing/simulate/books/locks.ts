import { uniqueLockOf } from '../../../payload.ts'
import { short } from '../chronicle.ts'
import { must } from '../violation.ts'
import type { Books } from './books.ts'

export interface Lock {
  readonly key: string
  readonly owner: string
  readonly endsAt: number
}

/** A job got its unique lock: nobody else may have it. */
export function take(books: Books, { key, owner, endsAt }: Lock, now: number): void {
  const other = books.locks.get(key)
  const isFree = other === undefined || other.owner === owner || other.endsAt <= now
  must(
    isFree,
    () => `two jobs hold one unique lock: ${short(other?.owner ?? '')} has it until later`,
    owner,
    other?.owner ?? '',
  )
  books.locks.set(key, { owner, endsAt })
}

export function free(books: Books, { key, owner }: { readonly key: string; readonly owner: string }): void {
  if (books.locks.get(key)?.owner === owner) books.locks.delete(key)
}

/** What goes with a job that will not run again. */
export function freeOf(books: Books, text: string): void {
  const lock = uniqueLockOf(text)
  if (lock) free(books, lock)
}

/** A job that is gone must not keep others out. */
export function mustHaveFreed(books: Books, text: string, now: number): void {
  const lock = uniqueLockOf(text)
  const held = lock && books.locks.get(lock.key)
  must(
    held?.owner !== lock?.owner || !held || held.endsAt <= now,
    () => 'the job is gone, and keeps its unique lock',
    lock?.owner ?? '',
  )
}
