import { unwrap } from 'idb'
import type { Clock } from '../../src/clock.ts'
import type { Database, StoreName, Transaction } from './schema.ts'
import { Step } from './step.ts'
import { isStale, Lost } from './trouble.ts'

export type Act<T> = (step: Step) => Promise<T>

export interface Stepped<T> {
  readonly answer: T
  readonly step: Step
}

export interface Means {
  readonly mode: IDBTransactionMode
  readonly stores: StoreName[]
  readonly durability: 'relaxed' | 'strict'
  readonly clock: Clock
}

/**
 * Does all of `act` in one transaction, and answers when that is committed. Rejects with what `act` threw, or with why
 * the transaction failed: nothing was done then. Only after `Lost` nobody knows.
 */
export async function transact<T>(database: Database, means: Means, act: Act<T>): Promise<Stepped<T>> {
  const { mode, stores, durability, clock } = means
  const transaction = database.transaction(stores, mode as 'readwrite', { durability })
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
    throw abort(transaction) ?? error
  }
}

/** Answers why the transaction failed by itself, if it has: then what came of it is only that it is gone. */
function abort(transaction: Transaction): unknown {
  try {
    transaction.abort()
    return undefined
  } catch {
    return transaction.error
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
