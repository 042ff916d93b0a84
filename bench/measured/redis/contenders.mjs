/**
 * A contender is a module in `contenders/` that opens its queues for enqueuing, and works them. The job is the same for
 * all: a number, that `perform` is told.
 *
 * @typedef {object} Place
 * @property {string} url of the Redis
 * @property {number} [queues] how many; 1 when nothing is said. Job n goes to queue n modulo that.
 * @property {boolean} [burst] many jobs are to be enqueued at once
 *
 * @typedef {object} Producer
 * @property {(index: number, dueMs?: number) => Promise<unknown>} enqueue by a call of its own
 * @property {(indexes: number[]) => Promise<unknown>} enqueueBulk all by one call
 * @property {() => Promise<number[]>} waiting what jobs wait, as the contender's Redis keys say
 * @property {() => Promise<number>} unfinished how many jobs wait or are in somebody's keeping
 *
 * @typedef {object} Work
 * @property {number} concurrency
 * @property {(index: number) => Promise<void>} perform
 *
 * @typedef {object} Contender
 * @property {(place: Place) => Promise<Producer>} open
 * @property {(place: Place, work: Work) => Promise<unknown>} work resolves when the worker is ready
 */

/**
 * @param {string} name
 * @returns {Promise<Contender>}
 */
export function contender(name) {
  return import(`./contenders/${name}.mjs`)
}

/** @param {Place} place */
export function queueNames({ queues = 1 }) {
  return Array.from({ length: queues }, (_, index) => (index === 0 ? 'default' : `queue${index}`))
}

/**
 * What is responsible for a job, of several in turns.
 * @template Queue
 * @param {Queue[]} queues
 * @param {number} index
 */
export function turn(queues, index) {
  return /** @type {Queue} */ (queues[index % queues.length])
}
