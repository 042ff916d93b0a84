/**
 * @typedef {object} Contender an open queue in IndexedDB; the job is the same for all: a number, that `perform` is told
 * @property {(index: number) => Promise<unknown>} enqueue stores one job, and resolves when it is durable
 * @property {(indexes: number[]) => Promise<unknown>} enqueueAll stores these in one turn, as its users would
 * @property {(indexes: number[]) => Promise<unknown>} fill stores these as fast as it can, to prepare a run
 * @property {() => Promise<number[]>} waiting what jobs wait
 * @property {() => Promise<number>} unfinished how many jobs wait, or are in somebody's keeping
 * @property {(work: Work) => unknown} [work] performs what waits, and what comes
 * @property {() => Promise<unknown>} [stop] claims no more, and settles what runs
 *
 * @typedef {object} Work
 * @property {number} concurrency
 * @property {(index: number) => Promise<void>} perform
 *
 * @typedef {keyof typeof contenders} Name
 */

const contenders = {
  quayside: () => import('./contenders/quayside.mjs'),
  raw: () => import('./contenders/raw.mjs'),
  'raw-job': () => import('./contenders/raw-job.mjs'),
  naive: () => import('./contenders/naive.mjs'),
  'naive-adds': () => import('./contenders/naive-adds.mjs'),
  dexie: () => import('./contenders/dexie.mjs'),
  'dexie-bulk': () => import('./contenders/dexie-bulk.mjs'),
  localforage: () => import('./contenders/localforage.mjs'),
  workbox: () => import('./contenders/workbox.mjs'),
}

/** @param {Name} name @returns {Promise<Contender>} */
export async function contender(name) {
  return (await contenders[name]()).open()
}

/** So many numbers from the first on. @param {number} first @param {number} count */
export function numbers(first, count) {
  return Array.from({ length: count }, (_, offset) => first + offset)
}
