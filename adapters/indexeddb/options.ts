import type { Duration } from '../../src/duration.ts'
import { OptionError } from '../../src/errors.ts'
import type { OpenStorage } from '../../src/storage.ts'
import type { Locks } from './living.ts'
import type { LocalStorage } from './memo.ts'
import type { Page } from './page.ts'
import type { Channel } from './wakes.ts'

export interface IndexedDBOptions {
  /**
   * Which of the tabs and workers of this origin perform jobs of this namespace, of those that have a worker. `one`
   * (default): a single one, which the others succeed; their workers are on standby. `all`: all of them share the work.
   */
  readonly tabs?: 'one' | 'all'
  /**
   * What a stored job survives. `relaxed` (default): the end of the page and of the browser, at once. `strict`: also a
   * power cut in the same seconds, at half the speed. A job's own `durability` goes before.
   */
  readonly durability?: 'relaxed' | 'strict'
  /**
   * How long a worker may be silent before others take its jobs, if it is not known to be dead: so long a frozen tab
   * keeps its jobs. Timers of hidden tabs may be a minute late. A lease that is longer counts instead. Default '150s'.
   */
  readonly patience?: Duration
  /** How long opening the database may take. Default '10s'. */
  readonly openWithin?: Duration
  /**
   * How long a transaction may take; then it is undone, and its caller hears of it. Another tab that was frozen in the
   * middle of one holds up all others. Default '30s'.
   */
  readonly answerWithin?: Duration
  /** Where jobs go when there is no IndexedDB, or the browser refuses it: `memoryStorage()`, say. Default: an error. */
  readonly otherwise?: OpenStorage
  /** Called when the browser, or somebody, has deleted the database, now or before this page: its jobs are gone. */
  readonly onLost?: () => void
  /** Default: the global one. */
  readonly indexedDB?: IDBFactory
  /** Web Locks. Default: `navigator.locks`, which pages without HTTPS do not have. `false`: none. */
  readonly locks?: Locks | false
  /** Makes a BroadcastChannel. Default: the global one. `false`: none; workers then poll. */
  readonly channel?: ((name: string) => Channel) | false
  /** What tells that the page is hidden, frozen, or back. Default: the global scope. `false`: nothing does. */
  readonly page?: Page | false
  /** Where it is kept that there was a database. Default: the global one, which workers do not have. `false`: nowhere. */
  readonly localStorage?: LocalStorage | false
}

/** The parts of the platform that a storage works with. Looked up late: nothing happens when a module is imported. */
export function factoryOf({ indexedDB = globalThis.indexedDB }: IndexedDBOptions): IDBFactory {
  if (indexedDB) return indexedDB
  throw new OptionError(
    'indexedDBStorage(): there is no IndexedDB here. Give `otherwise: memoryStorage()` for jobs that may end with the page, or `indexedDB`.',
  )
}

export function locksOf({ locks = globalThis.navigator?.locks }: IndexedDBOptions): Locks | undefined {
  return locks || undefined
}

/** Node has a global scope as well, and nothing to tell. */
export function pageOf({ page = globalThis }: IndexedDBOptions): Page | undefined {
  return page && 'addEventListener' in page ? page : undefined
}

export function channelOf({ channel = makeChannel() }: IndexedDBOptions, name: string): Channel | undefined {
  return channel ? channel(name) : undefined
}

function makeChannel(): ((name: string) => Channel) | false {
  const { BroadcastChannel } = globalThis
  return BroadcastChannel ? (name) => new BroadcastChannel(name) : false
}

export const databaseName = (namespace: string): string => `quayside:${namespace}`
