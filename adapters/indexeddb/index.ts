export { indexedDBStorage } from './indexeddb-storage.ts'
export type { IndexedDBOptions } from './options.ts'
export { estimate, persist } from './origin.ts'
export { purge } from './purge.ts'
