import { onTestFinished } from 'vitest'
import { type IndexedDBOptions, indexedDBStorage } from '../../../adapters/indexeddb/index.ts'
import type { Locks } from '../../../adapters/indexeddb/living.ts'
import type { Upgrade } from '../../../adapters/indexeddb/schema.ts'
import { silentLogger } from '../../../src/logger.ts'
import type { Storage } from '../../../src/storage.ts'
import { ManualClock } from '../../conformance/index.ts'

/** What a browser gives to a page. */
export interface Platform {
  readonly indexedDB: IDBFactory
  readonly locks: Locks
}

let namespaces = 0

/** A database of one test's own, and everybody who has opened it. */
export class Site {
  readonly clock: ManualClock = new ManualClock()
  readonly namespace: string = `site-${++namespaces}`
  readonly platform: Platform
  readonly lost: string[] = []

  constructor(platform: Platform) {
    this.platform = platform
    onTestFinished(() => {
      platform.indexedDB.deleteDatabase(this.database)
    })
  }

  get database(): string {
    return `quayside:${this.namespace}`
  }

  /** As another tab would. All of them perform, and none remembers what was before, if not told otherwise. */
  async open(options: IndexedDBOptions = {}, upgrades?: readonly Upgrade[]): Promise<Storage> {
    const onLost = () => this.lost.push('lost')
    const usual = { tabs: 'all', localStorage: false } as const
    const openStorage = indexedDBStorage({ ...this.platform, ...usual, onLost, ...options }, upgrades)
    const { clock, namespace } = this
    const dead = { max: 10_000, forMs: 86_400_000 }
    const storage = await openStorage({ clock, namespace, dead, logger: silentLogger })
    onTestFinished(() => storage.close())
    return storage
  }

  /** The database without a storage. */
  async raw(
    version?: number,
    upgrade?: (database: IDBDatabase, request: IDBOpenDBRequest) => void,
  ): Promise<IDBDatabase> {
    const request = this.platform.indexedDB.open(this.database, version)
    request.onupgradeneeded = () => upgrade?.(request.result, request)
    const database = await answer(request)
    onTestFinished(() => database.close())
    return database
  }
}

export function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
