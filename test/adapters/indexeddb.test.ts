import './indexeddb/fake-indexeddb.ts'
import { IDBFactory } from 'fake-indexeddb'
import { connectionTests } from './indexeddb/connection.ts'
import { electionTests } from './indexeddb/election.ts'
import { lifecycleTests } from './indexeddb/lifecycle.ts'
import { FakeLocks } from './indexeddb/locks.ts'
import { presenceTests } from './indexeddb/presence.ts'
import { storageTests } from './indexeddb/storage.ts'

const platform = { indexedDB: new IDBFactory(), locks: new FakeLocks() }

connectionTests(platform)
electionTests(platform)
lifecycleTests(platform)
presenceTests(platform)
storageTests(platform)
