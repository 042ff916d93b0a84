// A process with one worker, as a user would write it, on the built package. Its argument: WorkerOrders as JSON.

import { setTimeout as sleep } from 'node:timers/promises'
import { Quayside } from 'quayside'
import { redisStorage } from 'quayside/redis'
import { logger, noting, onStop } from './note.mjs'

/** @type {import('../orders.ts').WorkerOrders} */
const orders = JSON.parse(process.argv[2] ?? '')
const note = noting(orders)
const app = new Quayside({ storage: redisStorage(orders.storage), logger })

app.job('Work', {
  retry: 5,
  retryIn: () => '200ms',
  async perform(/** @type {import('../orders.ts').Order} */ order) {
    const { id } = order
    note('begun', id)
    this.signal.addEventListener('abort', () => note('aborted', id, { name: this.signal.reason.name }))
    if (order.on === undefined || order.on === orders.name) await obey(order, this.signal)
    if (this.attempt <= (order.fails ?? 0)) {
      note('failed', id)
      throw new Error('as ordered')
    }
    note('ended', id)
  },
})

/**
 * @param {import('../orders.ts').Order} order
 * @param {AbortSignal} signal
 */
async function obey({ ms = 0, isDeaf = false, blockMs = 0, isPill = false }, signal) {
  if (isPill) process.kill(process.pid, 'SIGKILL')
  for (const end = performance.now() + blockMs; performance.now() < end; );
  if (ms > 0) await sleep(ms, undefined, isDeaf ? {} : { signal })
}

app.work({ name: orders.name, ...orders.work })
onStop(() => app.close())
