import { expect, test } from 'vitest'
import { memoryStorage } from '../../adapters/memory/index.ts'
import { Quayside } from '../../src/index.ts'

test('jobs that never wait leave timers and I/O their turn', async () => {
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  let performed = 0
  let isOver = false
  const Again = app.job('Again', {
    async perform() {
      performed++
      if (!isOver) await Again.performAsync()
    },
  })
  app.work({ concurrency: 1 })
  await Again.performAsync()
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 1))
  expect(performed).toBeGreaterThan(3)
  isOver = true
  await app.close()
})
