import { Quayside } from 'quayside'
import { memoryStorage } from 'quayside/memory'

/** @param {import('../contenders.mjs').Work} work */
export function open({ concurrency, perform }) {
  const app = new Quayside({ storage: memoryStorage(), logger: false })
  const job = app.job('NoOp', { perform })
  app.work({ concurrency })
  return { enqueue: (/** @type {number} */ index) => job.performAsync(index) }
}
