import { Queue, Worker } from 'groupmq'
import { Redis } from 'ioredis'
import { queueNames, turn } from '../contenders.mjs'
import { settings } from '../settings.mjs'

/**
 * @param {import('../contenders.mjs').Place} place
 * @returns {Promise<import('../contenders.mjs').Producer>}
 */
export async function open(place) {
  const redis = clientOf(place)
  const { groups, queue: options, burst } = settings.groupmq
  const queues = queueNames(place).map(
    (namespace) => new Queue({ redis, namespace, ...options, ...(place.burst && burst) }),
  )
  /** @param {number} index @param {number} [dueMs] */
  const enqueue = (index, dueMs) => {
    const runAt = dueMs === undefined ? {} : { runAt: dueMs }
    return turn(queues, index).add({ groupId: `group${index % groups}`, data: { index }, ...runAt })
  }
  return {
    enqueue,
    enqueueBulk: (indexes) => Promise.all(indexes.map((index) => enqueue(index))),
    waiting: async () => (await Promise.all(queues.map((queue) => waitingIn(redis, queue)))).flat(),
    unfinished: async () => {
      const counts = await Promise.all(queues.map((queue) => queue.getJobCounts()))
      return counts.reduce((sum, { waiting, active, delayed, failed }) => sum + waiting + active + delayed + failed, 0)
    },
  }
}

/** @param {Redis} redis @param {Queue<{ index: number }>} queue */
async function waitingIn(redis, queue) {
  const pipeline = redis.pipeline()
  for (const id of await queue.getWaitingJobs()) pipeline.hget(`${queue.namespace}:job:${id}`, 'data')
  return ((await pipeline.exec()) ?? []).map(([, data]) => JSON.parse(String(data)).index)
}

/**
 * @param {import('../contenders.mjs').Place} place
 * @param {import('../contenders.mjs').Work} work
 */
export async function work(place, { concurrency, perform }) {
  const redis = clientOf(place)
  const { queue: options, worker } = settings.groupmq
  for (const namespace of queueNames(place)) {
    const queue = new Queue({ redis, namespace, ...options })
    const started = new Worker({ queue, concurrency, handler: ({ data }) => perform(data.index), ...worker })
    // Its own errors, such as that of a connection, are for whoever listens.
    started.on('error', (error) => console.error(error))
  }
}

/** @param {import('../contenders.mjs').Place} place */
function clientOf({ url }) {
  // Each of the queues and workers that share it listens to it.
  return new Redis(url, { maxRetriesPerRequest: null }).setMaxListeners(0)
}
