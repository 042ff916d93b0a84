import { MiddlewareError, OptionError } from './errors.ts'
import { describe } from './options.ts'

/**
 * One link of a chain. It may look at and change what passes, act before and after `await next()`, or return without
 * calling `next`: then nothing behind it happens.
 */
export type Middleware<Subject> = (subject: Subject, next: () => Promise<void>) => void | Promise<void>

/**
 * Middleware in order: the first is outermost, it sees a job first on the way in and last on the way out. One function
 * stands in a chain once; adding it again moves it.
 */
export class MiddlewareChain<Subject> {
  #links: Middleware<Subject>[] = []

  /** The functions in order, outermost first. */
  get links(): readonly Middleware<Subject>[] {
    return this.#links
  }

  /** Puts it innermost. */
  add(link: Middleware<Subject>): this {
    return this.#insert(link, () => this.#links.length)
  }

  /** Puts it outermost. */
  prepend(link: Middleware<Subject>): this {
    return this.#insert(link, () => 0)
  }

  /** Puts it just outside of `present`. Throws OptionError when that is not in the chain. */
  insertBefore(present: Middleware<Subject>, link: Middleware<Subject>): this {
    return this.#insert(link, () => this.#indexOf(present))
  }

  /** Puts it just inside of `present`. Throws OptionError when that is not in the chain. */
  insertAfter(present: Middleware<Subject>, link: Middleware<Subject>): this {
    return this.#insert(link, () => this.#indexOf(present) + 1)
  }

  /** Takes it out; false when it was not there. */
  remove(link: Middleware<Subject>): boolean {
    const left = this.#links.filter((each) => each !== link)
    const found = left.length < this.#links.length
    this.#links = left
    return found
  }

  /** Passes `subject` through the chain and then to `last`. True when `last` was reached. */
  async run(subject: Subject, last: () => Promise<void>): Promise<boolean> {
    let reached = false
    const links = this.#links // a chain that changes meanwhile changes for the next job
    const dispatch = async (index: number): Promise<void> => {
      const link = links[index]
      if (!link) {
        reached = true
        return last()
      }
      const call: Call = { below: undefined, isPending: false, misuse: undefined }
      const answer = link(subject, () => {
        if (call.below) return refused(call, calledTwice(link))
        call.isPending = true
        call.below = dispatch(index + 1).finally(() => {
          call.isPending = false
        })
        return call.below
      })
      await answer
      // A link that forgot to await: the job must not count as done before it is, nor its error go astray.
      if (call.isPending || !answer) await call.below
      if (call.misuse) throw call.misuse
    }
    await dispatch(0)
    return reached
  }

  #insert(link: Middleware<Subject>, index: () => number): this {
    if (typeof link !== 'function') throw new OptionError(`A middleware must be a function; got ${describe(link)}.`)
    const before = this.#links
    this.#links = before.filter((each) => each !== link)
    try {
      this.#links = this.#links.toSpliced(index(), 0, link)
    } catch (error) {
      this.#links = before
      throw error
    }
    return this
  }

  #indexOf(present: Middleware<Subject>): number {
    const index = this.#links.indexOf(present)
    if (index >= 0) return index
    throw new OptionError(`The middleware ${describe(present)} is not in this chain; add it first.`)
  }
}

/** What a link did with its `next`. */
interface Call {
  below: Promise<void> | undefined
  isPending: boolean
  misuse: MiddlewareError | undefined
}

/** A rejection that may go unheard, since the chain itself throws the error as well. */
function refused(call: Call, error: MiddlewareError): Promise<void> {
  call.misuse = error
  const refusal = Promise.reject(error)
  refusal.catch(() => {})
  return refusal
}

const calledTwice = (link: { name: string }): MiddlewareError =>
  new MiddlewareError(`The middleware ${link.name || '(anonymous)'} called next() twice; await it once.`)
