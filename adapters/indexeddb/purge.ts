import { wrap } from 'idb'
import { systemClock } from '../../src/clock.ts'
import { StorageUnavailableError } from '../../src/errors.ts'
import { Memo } from './memo.ts'
import { databaseName, factoryOf, type IndexedDBOptions } from './options.ts'

const WITHIN_MS = 10_000

/**
 * Deletes all that a namespace holds, database and all: for a user who logs out, say. Storages that are open on it go on
 * with an empty one. Rejects with StorageUnavailableError when another tab, a frozen one, does not let go of it within
 * ten seconds; the browser then deletes it as soon as that tab does.
 */
export async function purge(
  namespace = '',
  options: Pick<IndexedDBOptions, 'indexedDB' | 'localStorage'> = {},
): Promise<void> {
  const name = databaseName(namespace)
  // First: whoever goes on with an empty database notes that one.
  new Memo(options, name).clear()
  const deleted = wrap(factoryOf(options).deleteDatabase(name))
  let cancel = (): void => {}
  const late = new Promise<never>((_, reject) => {
    cancel = systemClock.after(WITHIN_MS, () => {
      const message = `The database '${name}' is not deleted yet: another tab still holds it. Close that tab.`
      reject(new StorageUnavailableError(message, { outcome: 'unknown' }))
    })
  })
  await Promise.race([deleted, late]).finally(cancel)
}
