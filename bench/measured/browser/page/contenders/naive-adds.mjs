import { loops } from '../loops.mjs'
import { open as openNaive } from './naive.mjs'

/**
 * All three transactions of each job by the clock: a job is added when there is a slot for one, and nothing waits before.
 * @returns {Promise<import('../contenders.mjs').Contender>}
 */
export async function open() {
  const naive = await openNaive()
  /** @type {number[]} */
  let toAdd = []
  return {
    ...naive,
    fill: async (indexes) => {
      toAdd = indexes
    },
    work: ({ concurrency, perform }) => {
      const next = toAdd.values()
      return loops(concurrency, async () => {
        const { value, done } = next.next()
        if (done) return false
        await naive.enqueue(value)
        return naive.performNext(perform)
      })
    },
  }
}
