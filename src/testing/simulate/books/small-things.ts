import type { Entry } from './entries.ts'
import { free } from './locks.ts'

export const lock: Entry<'lock'> = (books, step, [key, owner, forMs], holder) => {
  if (holder === owner) books.locks.set(key, { owner, endsAt: step.now + forMs })
  return ` ${key}: ${holder}`
}

export const unlock: Entry<'unlock'> = (books, _, [key, owner]) => {
  free(books, { key, owner })
  return ` ${key} of ${owner}`
}
