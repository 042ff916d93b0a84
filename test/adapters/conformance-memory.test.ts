import { test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { silentLogger } from '../../src/logger.ts'
import { conformance, ManualClock } from '../conformance/index.ts'

conformance({
  test,
  createStore() {
    const clock = new ManualClock()
    const openStorage = memoryStorage()
    return {
      open: (settings) => openStorage({ ...settings, clock, logger: silentLogger }),
      advance: (ms) => clock.advance(ms),
    }
  },
})
