import { QuaysideError, StorageUnavailableError } from '../../src/errors.ts'

/** What a handle fails with that the browser has closed, and what a transaction ends with that it took along. */
const STALE = ['InvalidStateError', 'AbortError', 'UnknownError']

/** What only a mistake of ours, or a value that is no key, can cause: trying again would not help. */
const MISTAKES = ['DataError', 'DataCloneError', 'ConstraintError', 'ReadOnlyError', 'TransactionInactiveError']

/** The handle was lost after the commit had been asked for: nobody knows whether it happened. */
export class Lost extends Error {}

/** True when the call may succeed with another handle. Safari calls a lost server an UnknownError. */
export function isStale(error: unknown): boolean {
  return error instanceof Lost || STALE.includes(nameOf(error))
}

/** What a caller is told of a failure. `before` is what an earlier attempt of the same call failed with. */
export function unavailable(error: unknown, before?: unknown): unknown {
  const outcome = error instanceof Lost || before instanceof Lost ? 'unknown' : 'none'
  const cause = error instanceof Lost ? error.cause : error
  if (cause instanceof StorageUnavailableError && (outcome === 'none' || cause.outcome === outcome)) return cause
  if (!(cause instanceof StorageUnavailableError) && (cause instanceof QuaysideError || isMistake(cause))) return cause
  return new StorageUnavailableError(messageOf(cause), { outcome, cause })
}

/** Why a transaction is not waited for any longer. Whoever could undo it knows that nothing was done. */
export function tooLate(answerMs: number, isUndone: boolean): StorageUnavailableError {
  const became = isUndone ? 'Nothing was done.' : 'Nobody knows whether it was done.'
  return new StorageUnavailableError(
    `IndexedDB did not answer within ${answerMs} ms: perhaps another tab of this site was frozen in the middle of a transaction. Bring it to the front, or close it. ${became}`,
    { outcome: isUndone ? 'none' : 'unknown' },
  )
}

/** Why a database does not open. */
export function notOpened(name: string, error: unknown): StorageUnavailableError {
  const reason =
    REASONS[nameOf(error)] ?? 'this browser refuses it, as some do in private windows and for blocked sites'
  return new StorageUnavailableError(`The database '${name}' cannot be opened: ${reason} (${told(error)}).`, {
    cause: error,
  })
}

const REASONS: Readonly<Record<string, string>> = {
  VersionError: 'a newer version of this page has been open here; reload this one',
  QuotaExceededError: 'there is no room left',
  UnknownError: 'the browser failed to read it; if it stays so, only deleting the data of this site helps',
}

function messageOf(error: unknown): string {
  if (nameOf(error) === 'QuotaExceededError') {
    return `There is no room left: the browser refused to store this (${told(error)}). Nothing of it was stored.`
  }
  return `IndexedDB failed: ${told(error)}`
}

const isMistake = (error: unknown): boolean => !(error instanceof DOMException) || MISTAKES.includes(error.name)

const nameOf = (error: unknown): string => (error instanceof DOMException ? error.name : '')

const told = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error))
