import fastq from 'fastq'

/** @param {import('../contenders.mjs').Work} work */
export function open({ concurrency, perform }) {
  const queue = fastq.promise(perform, concurrency)
  return { enqueue: (/** @type {number} */ index) => queue.push(index) }
}
