// How many jobs that do nothing are enqueued and performed in a second by a producer that minds the queue: it never has
// more than so many jobs enqueued and not performed, and goes on when half of them are done.

import { contender } from './contenders.mjs'
import { Ledger } from './ledger.mjs'
import { measure, timed } from './measure.mjs'

const WARM_UP = 10_000

/** @typedef {{ contender: string, jobs: number, concurrency: number, mostQueued: number }} Settings */

await measure(async (/** @type {Settings} */ { contender: name, jobs, concurrency, mostQueued }) => {
  let ledger = new Ledger(WARM_UP)
  let queued = 0
  let mostSeen = 0
  /** @type {(() => void) | undefined} */
  let goOn
  const queue = await contender(name, {
    concurrency,
    perform: async (index) => {
      ledger.count(index)
      if (--queued <= mostQueued / 2) goOn?.()
    },
  })
  await performAll(WARM_UP)
  ledger = new Ledger(jobs)
  const { seconds, cpuSeconds } = await timed(() => performAll(jobs))
  await ledger.check()
  if (mostSeen > mostQueued) throw new Error(`${mostSeen} jobs were queued, more than ${mostQueued}.`)
  return { perSecond: jobs / seconds, cpuMicrosPerJob: (cpuSeconds / jobs) * 1e6 }

  /** @param {number} count */
  async function performAll(count) {
    /** @type {Promise<unknown>[]} */
    let answers = []
    for (let index = 0; index < count; index++) {
      if (queued === mostQueued) {
        await room()
        await Promise.all(answers)
        answers = []
      }
      mostSeen = Math.max(mostSeen, ++queued)
      answers.push(queue.enqueue(index))
    }
    await Promise.all(answers)
    await ledger.full()
  }

  /** @returns {Promise<void>} */
  function room() {
    return new Promise((resolve) => {
      goOn = resolve
    })
  }
})
