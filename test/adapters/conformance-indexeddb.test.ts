import './indexeddb/fake-indexeddb.ts'
import { IDBFactory } from 'fake-indexeddb'
import { describe, test } from 'vitest'
import { indexedDBStorage } from '../../adapters/indexeddb/index.ts'
import { silentLogger } from '../../src/logger.ts'
import { conformance, type Harness, ManualClock } from '../conformance/index.ts'
import { contractProperties } from '../properties/contract-properties.ts'
import { FakeLocks, loseLock } from './indexeddb/locks.ts'

function createStore(): Harness {
  const clock = new ManualClock()
  const locks = new FakeLocks()
  const openStorage = indexedDBStorage({ tabs: 'all', indexedDB: new IDBFactory(), locks })
  return {
    open: (settings) => openStorage({ ...settings, clock, logger: silentLogger }),
    advance: (ms: number) => clock.advance(ms),
    lose: (worker: string) => loseLock(locks, worker),
  }
}

/** A page without HTTPS has no Web Locks. */
function createStoreWithoutLocks(): Harness {
  const clock = new ManualClock()
  const openStorage = indexedDBStorage({
    tabs: 'all',
    indexedDB: new IDBFactory(),
    locks: false,
    patience: '0s',
  })
  return {
    open: (settings) => openStorage({ ...settings, clock, logger: silentLogger }),
    advance: (ms: number) => clock.advance(ms),
  }
}

conformance({ test, createStore })

describe('without Web Locks', () => conformance({ test, createStore: createStoreWithoutLocks }))

// The model knows of leases only.
contractProperties({
  test: (name, run) => test(name, { timeout: 120_000 }, run),
  createStore: createStoreWithoutLocks,
  runs: 200,
})
