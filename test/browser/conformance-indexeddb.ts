import { test } from 'vitest'
import { type IndexedDBOptions, indexedDBStorage } from '../../adapters/indexeddb/index.ts'
import { silentLogger } from '../../src/logger.ts'
import { loseLock } from '../adapters/indexeddb/locks.ts'
import { conformance, type Harness, ManualClock } from '../conformance/index.ts'
import { contractProperties } from '../properties/contract-properties.ts'

let stores = 0

/** All stores of the page are in one browser: each test has databases of its own, and takes them away. */
function createStore(options: IndexedDBOptions = {}): Harness {
  const clock = new ManualClock()
  const prefix = `${++stores}-`
  const used = new Set<string>()
  const openStorage = indexedDBStorage({ tabs: 'all', localStorage: false, ...options })
  return {
    open(settings) {
      const namespace = prefix + settings.namespace
      used.add(namespace)
      return openStorage({ ...settings, namespace, clock, logger: silentLogger })
    },
    advance: (ms: number) => clock.advance(ms),
    lose: (worker: string) => loseLock(navigator.locks, worker, prefix),
    destroy() {
      for (const namespace of used) indexedDB.deleteDatabase(`quayside:${namespace}`)
    },
  }
}

conformance({ test, createStore })

// The model knows of leases only.
contractProperties({
  test: (name, run) => test(name, { timeout: 120_000 }, run),
  createStore: () => createStore({ locks: false, patience: '0s' }),
  runs: 50,
})
