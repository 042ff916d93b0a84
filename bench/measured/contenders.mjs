/**
 * @typedef {object} Contender a queue that is open and at work
 * @property {(index: number) => Promise<unknown>} enqueue hands in one job, by the queue's own promise
 *
 * @typedef {object} Work
 * @property {number} concurrency
 * @property {(index: number) => Promise<void>} perform
 */

/**
 * Opens a queue: the one in `contenders/`, with its settings as its documentation has them.
 * @param {string} name
 * @param {Work} work
 * @returns {Promise<Contender>}
 */
export async function contender(name, work) {
  const { open } = await import(`./contenders/${name}.mjs`)
  return open(work)
}
