// A page that works beside others, and is asked later what it did.

import { open } from './contenders/quayside.mjs'
import { numbers } from './contenders.mjs'

/** @type {{ indexes: number[], times: number[] }} */
const performed = { indexes: [], times: [] }

/** For all but performing: an app that is only opened once, however often it is asked. */
const beside = open()

/** Stores so many jobs. @param {{ jobs: number }} settings */
export async function fill({ jobs }) {
  await beside.fill(numbers(0, jobs))
}

/**
 * Performs what waits, and remembers it. At the `last` it tells what it performed, and goes on no more: its page is about
 * to die.
 * @param {{ concurrency: number, last?: number }} settings
 */
export async function work({ concurrency, last = Number.POSITIVE_INFINITY }) {
  open({ tabs: 'all' }).work({
    concurrency,
    perform: async (index) => {
      performed.indexes.push(index)
      performed.times.push(performance.timeOrigin + performance.now())
      if (performed.indexes.length < last) return
      const { dying } = /** @type {{ dying?: (indexes: number[]) => void }} */ (globalThis)
      dying?.(performed.indexes)
      for (;;);
    },
  })
}

/** What it has performed, and when: milliseconds since 1970, the same clock for all tabs. */
export async function found() {
  return performed
}

/** How many jobs are unfinished, whoever has them. */
export async function unfinished() {
  return beside.unfinished()
}
