import { afterAll, beforeAll, test } from 'vitest'
import { conformance } from '../conformance/index.ts'
import { RedisStores } from '../redis/redis-stores.ts'

const stores = new RedisStores()

beforeAll(() => stores.start())
afterAll(() => stores.stop())

conformance({ test, createStore: () => stores.create() })
