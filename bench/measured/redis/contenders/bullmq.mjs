import { Queue, Worker } from 'bullmq'
import { queueNames, turn } from '../contenders.mjs'
import { settings } from '../settings.mjs'

const PAGE = 1_000

/**
 * @param {import('../contenders.mjs').Place} place
 * @returns {Promise<import('../contenders.mjs').Producer>}
 */
export async function open(place) {
  const connection = { url: place.url }
  const queues = queueNames(place).map((name) => new Queue(name, { ...settings.bullmq.queue, connection }))
  await Promise.all(queues.map((queue) => queue.waitUntilReady()))
  return {
    enqueue: (index, dueMs) => {
      const delay = dueMs === undefined ? {} : { delay: Math.max(0, dueMs - Date.now()) }
      return turn(queues, index).add('NoOp', { index }, delay)
    },
    enqueueBulk: (indexes) => turn(queues, 0).addBulk(indexes.map((index) => ({ name: 'NoOp', data: { index } }))),
    waiting: async () => (await Promise.all(queues.map(waitingIn))).flat(),
    unfinished: async () => {
      const counts = await Promise.all(queues.map((queue) => queue.getJobCounts('wait', 'active', 'delayed', 'failed')))
      return counts.flatMap((each) => Object.values(each)).reduce((sum, count) => sum + count, 0)
    },
  }
}

/** @param {Queue} queue */
async function waitingIn(queue) {
  const length = await queue.getWaitingCount()
  const indexes = []
  for (let from = 0; from < length; from += PAGE) {
    for (const { data } of await queue.getWaiting(from, from + PAGE - 1)) indexes.push(data.index)
  }
  return indexes
}

/**
 * @param {import('../contenders.mjs').Place} place
 * @param {import('../contenders.mjs').Work} work
 */
export async function work(place, { concurrency, perform }) {
  const connection = { url: place.url }
  const workers = queueNames(place).map(
    (name) =>
      new Worker(name, async ({ data }) => perform(data.index), { ...settings.bullmq.worker, concurrency, connection }),
  )
  await Promise.all(workers.map((worker) => worker.waitUntilReady()))
}
