import { Quayside } from 'quayside'
import { redisStorage } from 'quayside/redis'
import { queueNames, turn } from '../contenders.mjs'
import { indexesIn } from '../lists.mjs'
import { settings } from '../settings.mjs'

/** @type {ReturnType<typeof makeApp> | undefined} */
let made
/** @type {(index: number) => Promise<void>} */
let performing

/** One app for the whole process, enqueuing and working, as an application would have it. */
function only(/** @type {import('../contenders.mjs').Place} */ place) {
  made ??= makeApp(place)
  return made
}

/** @param {import('../contenders.mjs').Place} place */
function makeApp({ url }) {
  const app = new Quayside({ storage: redisStorage({ url, ...settings.quayside.storage }), ...settings.quayside.app })
  const job = app.job('NoOp', { perform: (/** @type {number} */ index) => performing(index) })
  return { app, job }
}

/**
 * @param {import('../contenders.mjs').Place} place
 * @returns {Promise<import('../contenders.mjs').Producer>}
 */
export async function open(place) {
  const { app, job } = only(place)
  const jobs = queueNames(place).map((queue) => job.set({ queue }))
  return {
    enqueue: (index, dueMs) => {
      const queue = turn(jobs, index)
      return dueMs === undefined ? queue.performAsync(index) : queue.performAt(new Date(dueMs), index)
    },
    enqueueBulk: (indexes) => job.performBulk(indexes.map((index) => [index])),
    waiting: () => indexesIn(place),
    unfinished: async () => {
      const { enqueued, running, scheduled, retry, dead } = await app.stats()
      return enqueued + running + scheduled + retry + dead
    },
  }
}

/**
 * @param {import('../contenders.mjs').Place} place
 * @param {import('../contenders.mjs').Work} work
 */
export async function work(place, { concurrency, perform }) {
  performing = perform
  const { app } = only(place)
  const started = new Promise((resolve) => app.on('worker:started', resolve))
  app.work({ concurrency, queues: queueNames(place) })
  await started
}
