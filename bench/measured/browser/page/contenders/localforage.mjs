import localforage from 'localforage'
import { loops } from '../loops.mjs'
import { jobRow } from '../rows.mjs'

/**
 * A key for each job. There are no transactions, so nothing is claimed: one page must be the only one that works, and
 * it forgets what it has begun. A job is removed when it is done.
 * @returns {import('../contenders.mjs').Contender}
 */
export function open() {
  const store = localforage.createInstance({ name: 'jobs', driver: localforage.INDEXEDDB })
  return {
    enqueue: add,
    enqueueAll: (indexes) => Promise.all(indexes.map(add)),
    fill: (indexes) => Promise.all(indexes.map(add)),
    waiting: async () => (await store.keys()).map(Number),
    unfinished: () => store.length(),
    work: async ({ concurrency, perform }) => {
      const keys = (await store.keys()).values()
      await loops(concurrency, async () => {
        const { value: key, done } = keys.next()
        if (done) return false
        const job = /** @type {{ index: number }} */ (await store.getItem(key))
        await perform(job.index)
        await store.removeItem(key)
        return true
      })
    },
  }

  /** Keys are read in the order of their letters. @param {number} index */
  function add(index) {
    return store.setItem(String(index).padStart(10, '0'), { index, text: jobRow(index).text })
  }
}
