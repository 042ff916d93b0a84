import { Dexie } from 'dexie'
import { loops } from '../loops.mjs'
import { jobRow } from '../rows.mjs'

/**
 * A table of jobs, which are claimed in a transaction and deleted when they are done.
 * @returns {import('../contenders.mjs').Contender}
 */
export function open() {
  const database = new Dexie('jobs', { chromeTransactionDurability: 'relaxed' })
  database.version(1).stores({ jobs: '++id, state' })
  const jobs = database.table('jobs')
  return {
    enqueue: (index) => jobs.add(rowOf(index)),
    enqueueAll: (indexes) => Promise.all(indexes.map((index) => jobs.add(rowOf(index)))),
    fill: (indexes) => jobs.bulkAdd(indexes.map(rowOf)),
    waiting: async () => (await jobs.toArray()).map(({ index }) => index),
    unfinished: () => jobs.count(),
    work: ({ concurrency, perform }) =>
      loops(concurrency, async () => {
        const job = await database.transaction('rw', jobs, claim)
        if (!job) return false
        await perform(job.index)
        await jobs.delete(job.id)
        return true
      }),
  }

  async function claim() {
    const job = await jobs.where('state').equals('waiting').first()
    if (job) await jobs.update(job.id, { state: 'claimed', claimedAt: Date.now() })
    return job
  }
}

/** @param {number} index */
function rowOf(index) {
  return { state: 'waiting', index, text: jobRow(index).text }
}
