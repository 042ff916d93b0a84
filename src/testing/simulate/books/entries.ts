import type { Answer, Arguments, Method } from '../call.ts'
import type { Books } from './books.ts'
import { exchange } from './exchange.ts'
import { cancel, clear, move, pause, remove, wipe } from './manage.ts'
import { beat, recover, retire } from './presence.ts'
import { promote, push } from './produce.ts'
import { lock, unlock } from './small-things.ts'
import type { Step } from './step.ts'

/** Explains what a call did, writes it into the books, and answers how the chronicle tells it. */
export type Entry<M extends Method> = (books: Books, step: Step, args: Arguments<M>, answer: Answer<M>) => string

/** How each call is entered into the books. The others change nothing. */
export const entries: { readonly [M in Method]?: Entry<M> } = {
  push,
  exchange,
  promote,
  beat,
  recover,
  retire,
  cancel,
  move,
  remove,
  clear,
  pause,
  wipe,
  lock,
  unlock,
}
