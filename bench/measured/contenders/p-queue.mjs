import PQueue from 'p-queue'

/** @param {import('../contenders.mjs').Work} work */
export function open({ concurrency, perform }) {
  const queue = new PQueue({ concurrency })
  return { enqueue: (/** @type {number} */ index) => queue.add(() => perform(index)) }
}
