import { unwrap } from 'idb'
import type { Clock } from '../../src/clock.ts'
import type { Entry } from '../../src/storage.ts'
import type { Database, StoreName, Transaction } from './schema.ts'
import { Step } from './step.ts'
import { isStale, Lost, tooLate } from './trouble.ts'

export type Act<T> = (step: Step) => Promise<T>

export interface Stepped<T> {
  readonly answer: T
  readonly step: Step
}

export type Durability = NonNullable<Entry['durability']>

export interface Means {
  readonly mode: IDBTransactionMode
  readonly stores: StoreName[]
  readonly durability: Durability
  readonly clock: Clock
  readonly answerMs: number
  /** Those that are not over. */
  readonly underWay: Set<Transaction>
}

/**
 * Does all of `act` in one transaction, and answers when that is committed. Rejects with what `act` threw, or with why
 * the transaction failed: nothing was done then. Only after `Lost` nobody knows; and an error that says that it took too
 * long says that, too.
 */
export async function transact<T>(database: Database, means: Means, act: Act<T>): Promise<Stepped<T>> {
  const { mode, stores, durability, clock, answerMs, underWay } = means
  const transaction = database.transaction(stores, mode as 'readwrite', { durability })
  underWay.add(transaction)
  let cancel = (): void => {}
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(answerMs, () => reject(tooLate(answerMs, abort(transaction))))
  })
  try {
    return await Promise.race([complete(transaction, clock, act), late])
  } finally {
    cancel()
    underWay.delete(transaction)
  }
}

async function complete<T>(transaction: Transaction, clock: Clock, act: Act<T>): Promise<Stepped<T>> {
  const end = endOf(transaction)
  const stepped = await perform(transaction, clock, act)
  try {
    await end
  } catch (error) {
    throw isStale(error) ? new Lost('lost while it was committed', { cause: error }) : error
  }
  return stepped
}

/** Up to and including the order to commit. Whatever fails until then has done nothing. */
async function perform<T>(
  transaction: Transaction,
  clock: Clock,
  act: (step: Step) => Promise<T>,
): Promise<Stepped<T>> {
  try {
    const step = new Step(transaction, clock)
    const [answer] = await Promise.all([act(step), step.begun])
    step.end()
    transaction.commit()
    return { answer, step }
  } catch (error) {
    // If it has failed by itself, what came of it is only that it is gone.
    throw abort(transaction) ? error : (transaction.error ?? error)
  }
}

/** False when it is too late for that: it is over, or being committed. */
export function abort(transaction: Transaction): boolean {
  try {
    transaction.abort()
    return true
  } catch {
    return false
  }
}

/**
 * Resolves when the transaction has committed. Quota is judged only then: every request has succeeded, and all of it is
 * undone. The promise that idb makes would tell of a failed request before the transaction knows its error.
 */
function endOf(transaction: Transaction): Promise<void> {
  const end = new Promise<void>((resolve, reject) => {
    const raw = unwrap(transaction)
    raw.oncomplete = () => resolve()
    raw.onabort = () => reject(raw.error ?? new DOMException('The transaction was aborted.', 'AbortError'))
  })
  for (const unwatched of [end, transaction.done]) unwatched.catch(() => {})
  return end
}
