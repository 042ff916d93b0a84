import { afterAll, beforeAll, test } from 'vitest'
import { RedisStores } from '../redis/redis-stores.ts'
import { contractProperties } from './contract-properties.ts'

const stores = new RedisStores()

beforeAll(() => stores.start())
afterAll(() => stores.stop())

contractProperties({
  test: (name, run) => test(name, { timeout: 120_000 }, run),
  runs: 100,
  createStore: () => stores.create(),
})
