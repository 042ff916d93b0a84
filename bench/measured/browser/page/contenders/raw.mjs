import { openDB } from 'idb'
import { jobRow, metaRow } from '../rows.mjs'

/**
 * What a push cannot do without: the job and the record of all records, written in one transaction, and nothing read.
 * @returns {Promise<import('../contenders.mjs').Contender>}
 */
export async function open() {
  const database = await openRaw()
  return {
    enqueue: (index) => write([index]),
    enqueueAll: write,
    fill: write,
    waiting: async () => (await database.getAllKeys('jobs')).map((key) => /** @type {number[]} */ (key)[2] ?? NaN),
    unfinished: () => database.count('jobs'),
  }

  /** @param {number[]} indexes */
  function write(indexes) {
    const transaction = database.transaction(['meta', 'jobs'], 'readwrite', { durability: 'relaxed' })
    for (const index of indexes) transaction.objectStore('jobs').put(jobRow(index))
    transaction.objectStore('meta').put(metaRow(indexes.at(-1) ?? 0))
    transaction.commit()
    return transaction.done
  }
}

/** With the stores and the index that a push of Quayside writes to. */
export function openRaw() {
  return openDB('raw', 1, {
    upgrade: (database) => {
      database.createObjectStore('jobs', { keyPath: ['place', 'at', 'seq'] }).createIndex('jid', 'jid')
      database.createObjectStore('meta', { keyPath: 'key' })
    },
  })
}
