import Queue from 'bee-queue'
import { queueNames, turn } from '../contenders.mjs'
import { settings } from '../settings.mjs'

const PAGE = 1_000

/**
 * @param {import('../contenders.mjs').Place} place
 * @returns {Promise<import('../contenders.mjs').Producer>}
 */
export async function open(place) {
  const queues = queueNames(place).map((name) => new Queue(name, { ...optionsAt(place), isWorker: false }))
  await Promise.all(queues.map((queue) => queue.ready()))
  return {
    enqueue: (index, dueMs) => {
      const job = turn(queues, index).createJob({ index })
      return (dueMs === undefined ? job : delayed(job, dueMs)).save()
    },
    enqueueBulk: async (indexes) => {
      const queue = turn(queues, 0)
      const errors = await queue.saveAll(indexes.map((index) => queue.createJob({ index })))
      for (const error of errors.values()) throw error
    },
    waiting: async () => (await Promise.all(queues.map(waitingIn))).flat(),
    unfinished: async () => {
      const healths = await Promise.all(queues.map((queue) => queue.checkHealth()))
      return healths.reduce((sum, { waiting, active, delayed, failed }) => sum + waiting + active + delayed + failed, 0)
    },
  }
}

/** @param {Queue.Job<{ index: number }>} job @param {number} dueMs */
function delayed(job, dueMs) {
  return /** @type {typeof job & { delayUntil(at: number): typeof job }} */ (job).delayUntil(dueMs)
}

/** @param {Queue<{ index: number }>} queue */
async function waitingIn(queue) {
  const { waiting } = await queue.checkHealth()
  const indexes = []
  for (let start = 0; start < waiting; start += PAGE) {
    for (const { data } of await queue.getJobs('waiting', { start, end: start + PAGE - 1 })) indexes.push(data.index)
  }
  return indexes
}

/**
 * @param {import('../contenders.mjs').Place} place
 * @param {import('../contenders.mjs').Work} work
 */
export async function work(place, { concurrency, perform }) {
  const queues = queueNames(place).map((name) => new Queue(name, { ...optionsAt(place), activateDelayedJobs: true }))
  for (const queue of queues) {
    queue.process(concurrency, async ({ data }) => perform(data.index))
    queue.checkStalledJobs(settings['bee-queue'].checkStalledJobsMs)
  }
  await Promise.all(queues.map((queue) => queue.ready()))
}

/** @param {import('../contenders.mjs').Place} place */
function optionsAt({ url }) {
  const { hostname, port } = new URL(url)
  return { ...settings['bee-queue'].queue, redis: { host: hostname, port: Number(port) } }
}
