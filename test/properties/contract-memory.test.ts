import { test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { silentLogger } from '../../src/logger.ts'
import { ManualClock } from '../conformance/index.ts'
import { contractProperties } from './contract-properties.ts'

contractProperties({
  test: (name, run) => test(name, { timeout: 60_000 }, run),
  createStore() {
    const clock = new ManualClock()
    const openStorage = memoryStorage()
    return {
      open: (settings) => openStorage({ ...settings, clock, logger: silentLogger }),
      advance: (ms) => clock.advance(ms),
    }
  },
})
