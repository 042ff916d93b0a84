import { Quayside } from 'quayside'
import { indexedDBStorage } from 'quayside/indexeddb'

/**
 * @param {Parameters<typeof indexedDBStorage>[0]} [options]
 * @returns {import('../contenders.mjs').Contender & Required<Pick<import('../contenders.mjs').Contender, 'work'>>}
 */
export function open(options) {
  const app = new Quayside({ storage: indexedDBStorage(options), logger: false })
  /** @type {(index: number) => Promise<void>} */
  let perform = () => Promise.reject(new Error('Nobody works here.'))
  const job = app.job('NoOp', { perform: (/** @type {number} */ index) => perform(index) })
  /** @type {ReturnType<typeof app.work> | undefined} */
  let worker
  return {
    enqueue: (index) => job.performAsync(index),
    enqueueAll: (indexes) => Promise.all(indexes.map((index) => job.performAsync(index))),
    fill: (indexes) => job.performBulk(indexes.map((index) => [index])),
    waiting: async () => {
      const indexes = []
      for await (const { payload } of app.queue('default').scan())
        indexes.push(/** @type {number} */ (payload?.args[0]))
      return indexes
    },
    unfinished: async () => {
      const { enqueued, running, scheduled, retry, dead } = await app.stats()
      return enqueued + running + scheduled + retry + dead
    },
    work: (work) => {
      perform = work.perform
      worker = app.work({ concurrency: work.concurrency })
    },
    stop: async () => worker?.stop(),
  }
}
