import { queue as makeQueue } from 'async'

/** @param {import('../contenders.mjs').Work} work */
export function open({ concurrency, perform }) {
  const queue = makeQueue(perform, concurrency)
  return { enqueue: (/** @type {number} */ index) => queue.pushAsync(index) }
}
