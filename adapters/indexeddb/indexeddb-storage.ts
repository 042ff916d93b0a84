import { toMs } from '../../src/duration.ts'
import { OptionError, toError } from '../../src/errors.ts'
import type { OpenStorage } from '../../src/storage.ts'
import { Connection } from './connection.ts'
import { KnownPushes } from './known-pushes.ts'
import { Memo } from './memo.ts'
import { openStorage } from './open-storage.ts'
import { databaseName, factoryOf, type IndexedDBOptions } from './options.ts'
import type { Upgrade } from './schema.ts'

/**
 * Keeps jobs in the browser's IndexedDB: they outlive the page, and all tabs and workers of the origin share them. Each
 * namespace is a database of its own, `quayside:<namespace>`.
 *
 * Opening rejects with OptionError where there is no IndexedDB, and with StorageUnavailableError where the browser
 * refuses it; with `otherwise` jobs go there instead, and a line is logged.
 *
 * @param upgrades the versions of the database; tests have others
 */
export function indexedDBStorage(options: IndexedDBOptions = {}, upgrades?: readonly Upgrade[]): OpenStorage {
  const { tabs = 'one', durability = 'relaxed', patience = '150s', openWithin = '10s', answerWithin = '30s' } = options
  const { otherwise } = options
  if (tabs !== 'one' && tabs !== 'all') {
    throw new OptionError(`indexedDBStorage(): tabs must be 'one' or 'all'; got ${String(tabs)}.`)
  }
  if (durability !== 'relaxed' && durability !== 'strict') {
    throw new OptionError(`indexedDBStorage(): durability must be 'relaxed' or 'strict'; got ${String(durability)}.`)
  }
  const patienceMs = toMs(patience, 'indexedDBStorage(): patience')
  const openMs = toMs(openWithin, 'indexedDBStorage(): openWithin')
  const answerMs = toMs(answerWithin, 'indexedDBStorage(): answerWithin')
  const pushes = new Map<string, KnownPushes>()
  return async (settings) => {
    const { namespace, clock, logger } = settings
    const known = pushes.get(namespace) ?? new KnownPushes()
    pushes.set(namespace, known)
    const name = databaseName(namespace)
    const onLost = () => {
      logger.error({ database: name }, 'the browser deleted the database: all jobs in it are lost')
      options.onLost?.()
    }
    try {
      const factory = factoryOf(options)
      const memo = new Memo(options, name)
      const means = { name, factory, clock, durability, openMs, answerMs, upgrades, memo, onLost }
      const connection = new Connection(means)
      await connection.open()
      return openStorage(connection, settings, options, known, memo, patienceMs)
    } catch (error) {
      if (!otherwise) throw error
      logger.warn({ error: toError(error) }, 'IndexedDB cannot be used: jobs are kept elsewhere, as told')
      return otherwise(settings)
    }
  }
}
