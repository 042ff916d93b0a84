// A process that enqueues until it is stopped, on the built package. Its argument: ProducerOrders as JSON.

import { setTimeout as sleep } from 'node:timers/promises'
import { Quayside } from 'quayside/client'
import { redisStorage } from 'quayside/redis'
import { logger, noting, now, onStop } from './note.mjs'

/** @typedef {import('../orders.ts').Enqueue} Enqueue */

/** @type {import('../orders.ts').ProducerOrders} */
const { mix, lanes, pauseMs, ...orders } = JSON.parse(process.argv[2] ?? '')
const note = noting(orders)
const app = new Quayside({ storage: redisStorage(orders.storage), logger })
/** @type {import('quayside').Job<[import('../orders.ts').Order]>} */
const Work = app.job('Work', { retry: 5 })
let count = 0
let isOver = false

async function produce() {
  while (!isOver) {
    await enqueue(/** @type {Enqueue} */ (mix[count % mix.length]))
    if (pauseMs > 0) await sleep(pauseMs)
  }
}

/** @param {Enqueue} what */
async function enqueue({ wait, bulk = 1, isOwn = false, ...order }) {
  const ids = Array.from({ length: bulk }, () => `${orders.name}-${++count}`)
  const [id = ''] = ids
  const args = ids.map((id) => /** @type {[import('../orders.ts').Order]} */ ([{ id, ...order }]))
  const setter = Work.set({ ...(wait && { wait }), ...(isOwn && { jid: id }) })
  for (const id of ids) note('asked', id)
  const isStored = () =>
    attempt(ids, () => (bulk > 1 ? setter.performBulk(args) : setter.performAsync({ id, ...order })))
  while (!(await isStored()) && isOwn && !isOver);
}

/**
 * @param {string[]} ids
 * @param {() => Promise<unknown>} push
 */
async function attempt(ids, push) {
  const begun = now()
  try {
    await push()
    for (const id of ids) note('stored', id)
    return true
  } catch (thrown) {
    const { name, outcome, message } = /** @type {import('quayside').StorageUnavailableError} */ (thrown)
    for (const id of ids) note('refused', id, { ms: now() - begun, name, outcome, message })
    // A Redis that refuses at once is not to be asked without a pause.
    await sleep(50)
    return false
  }
}

const producing = Promise.all(Array.from({ length: lanes }, produce))
onStop(async () => {
  isOver = true
  await producing
  await app.close()
})
