import { open } from './contenders/quayside.mjs'

const channel = new BroadcastChannel('bench')

/** Performs jobs, and says so. */
export async function answer() {
  open({ tabs: 'all' }).work({ concurrency: 10, perform: async (index) => channel.postMessage(index) })
}

/**
 * How long it takes from the call that enqueues a job to the message of the page that performs it, one at a time, in
 * milliseconds each. By one clock: the way of the message is in it.
 * @param {{ jobs: number }} settings
 */
export async function ask({ jobs }) {
  const queue = open({ tabs: 'all' })
  const samples = []
  for (let index = 0; index < jobs; index++) {
    await asleep()
    const performed = new Promise((resolve) => {
      channel.onmessage = ({ data }) => resolve(data)
    })
    const calledAt = performance.now()
    await queue.enqueue(index)
    const found = await performed
    samples.push(performance.now() - calledAt)
    if (found !== index) throw new Error(`Job ${found} was performed, and ${index} was enqueued.`)
  }
  if ((await queue.unfinished()) > 1) throw new Error('Jobs are left, although each was performed.')
  return samples
}

/** Until all that followed the last job is over, and nobody knows when the next one comes. */
function asleep() {
  return new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 20))
}
