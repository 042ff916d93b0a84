import { openDB } from 'idb'
import { loops } from '../loops.mjs'
import { jobRow } from '../rows.mjs'

/**
 * What one writes first: a row for each job, with its state in an index; adding, claiming and deleting it are a
 * transaction each.
 */
export async function open() {
  const database = await openDB('naive', 1, {
    upgrade: (database) => {
      database.createObjectStore('jobs', { keyPath: 'id', autoIncrement: true }).createIndex('state', ['state', 'id'])
    },
  })
  return {
    enqueue: (/** @type {number} */ index) => add([index]),
    enqueueAll: (/** @type {number[]} */ indexes) => Promise.all(indexes.map((index) => add([index]))),
    fill: add,
    waiting: async () => /** @type {number[]} */ ((await database.getAll('jobs')).map(({ index }) => index)),
    unfinished: () => database.count('jobs'),
    work: (/** @type {import('../contenders.mjs').Work} */ { concurrency, perform }) =>
      loops(concurrency, () => performNext(perform)),
    performNext,
  }

  /** False when no job waits. @param {(index: number) => Promise<void>} perform */
  async function performNext(perform) {
    const job = await claim()
    if (!job) return false
    await perform(job.index)
    await remove(job.id)
    return true
  }

  /** @param {number[]} indexes */
  async function add(indexes) {
    const transaction = database.transaction('jobs', 'readwrite', { durability: 'relaxed' })
    for (const index of indexes) transaction.store.put({ state: 'waiting', index, text: jobRow(index).text })
    await transaction.done
  }

  async function claim() {
    const transaction = database.transaction('jobs', 'readwrite', { durability: 'relaxed' })
    const job = await transaction.store.index('state').get(IDBKeyRange.bound(['waiting'], ['waiting', []]))
    if (job) transaction.store.put({ ...job, state: 'claimed', claimedAt: Date.now() })
    await transaction.done
    return job
  }

  /** @param {number} id */
  async function remove(id) {
    const transaction = database.transaction('jobs', 'readwrite', { durability: 'relaxed' })
    transaction.store.delete(id)
    await transaction.done
  }
}
