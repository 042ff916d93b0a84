import { jobRow } from '../rows.mjs'
import { open as openBoth, openRaw } from './raw.mjs'

/** The job alone: the least that can be stored of it. @returns {Promise<import('../contenders.mjs').Contender>} */
export async function open() {
  const database = await openRaw()
  return { ...(await openBoth()), enqueue: (index) => write([index]), enqueueAll: write, fill: write }

  /** @param {number[]} indexes */
  function write(indexes) {
    const transaction = database.transaction('jobs', 'readwrite', { durability: 'relaxed' })
    for (const index of indexes) transaction.store.put(jobRow(index))
    transaction.commit()
    return transaction.done
  }
}
