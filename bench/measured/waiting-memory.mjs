// What a job that waits takes in memory beyond its own text: what is in use with the jobs less what was without them.

import { Quayside } from 'quayside'
import { memoryStorage } from 'quayside/memory'
import { bytesInUse, measure } from './measure.mjs'

const WARM_UP = 1_000
const SLICE = 10_000

/** @typedef {{ by: 'performAsync' | 'performBulk', jobs: number }} Settings */

await measure(async (/** @type {Settings} */ { by, jobs }) => {
  const open = memoryStorage()
  /** @type {import('quayside').Storage | undefined} */
  let storage
  const app = new Quayside({
    storage: async (settings) => {
      storage = await open(settings)
      return storage
    },
    logger: false,
  })
  const job = app.job('NoOp', { perform: async (/** @type {number} */ _index) => {} })
  await enqueue(0, WARM_UP)
  await app.clear()
  const before = await bytesInUse()
  for (let from = 0; from < jobs; from += SLICE) await enqueue(from, Math.min(jobs, from + SLICE))
  const after = await bytesInUse()
  const textBytes = await bytesOfTexts()
  return { bytesPerJob: (after - before) / jobs, beyondText: (after - before - textBytes) / jobs }

  /** @param {number} from @param {number} to */
  async function enqueue(from, to) {
    const indexes = Array.from({ length: to - from }, (_, offset) => from + offset)
    if (by === 'performBulk') await job.performBulk(indexes.map((index) => [index]))
    else await Promise.all(indexes.map((index) => job.performAsync(index)))
  }

  /** All of them, read back through the contract: plain ASCII, one byte for each character. */
  async function bytesOfTexts() {
    let bytes = 0
    let rows = 0
    /** @type {string | undefined} */
    let cursor
    do {
      const found = await /** @type {import('quayside').Storage} */ (storage).scan(
        { queue: 'default' },
        { limit: 1_000, cursor },
      )
      for (const { text } of found.rows) bytes += text.length
      rows += found.rows.length
      cursor = found.cursor
    } while (cursor !== undefined)
    if (rows !== jobs) throw new Error(`${rows} of ${jobs} jobs wait.`)
    return bytes
  }
})
