import Queue from 'better-queue'

/** @param {import('../contenders.mjs').Work} work */
export function open({ concurrency, perform }) {
  /** @param {number} index @param {(error: unknown) => void} done */
  const run = (index, done) => {
    perform(index).then(() => done(null), done)
  }
  const queue = new Queue(run, { concurrent: concurrency })
  return { enqueue }

  /** @param {number} index @returns {Promise<void>} */
  function enqueue(index) {
    return new Promise((resolve, reject) => queue.push(index, (error) => (error ? reject(error) : resolve())))
  }
}
