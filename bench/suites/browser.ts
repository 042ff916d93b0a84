import { browserGround } from '../browser-ground.ts'
import type { Case, Settings, Suite, Target } from '../suite.ts'

const rate = { perSecond: { unit: 'jobs/s' } }

/** Slow ones do less: they take too long otherwise, and what they leave out would only slow them down further. */
const aTenth = (jobs: number): number => jobs / 10

const cases: readonly Case[] = [
  {
    name: 'enqueue',
    title: (jobs) => `${amount(jobs)} jobs enqueued one by one, each durable before the next`,
    program: 'browser/in-page.mjs',
    jobs: 1_000,
    variants: inPage('enqueue', {
      quayside: (jobs) => ({ contender: 'quayside', by: 'one', jobs }),
      raw: (jobs) => ({ contender: 'raw', by: 'one', jobs }),
      'raw, the job alone': (jobs) => ({ contender: 'raw-job', by: 'one', jobs }),
      dexie: (jobs) => ({ contender: 'dexie', by: 'one', jobs }),
      localforage: (jobs) => ({ contender: 'localforage', by: 'one', jobs }),
      workbox: (jobs) => ({ contender: 'workbox', by: 'one', jobs }),
    }),
    figures: rate,
    targets: ours({
      raw: 0.9,
      'raw, the job alone': undefined,
      dexie: undefined,
      localforage: undefined,
      workbox: undefined,
    }),
  },
  {
    name: 'enqueue-turn',
    title: (jobs) => `${amount(jobs)} jobs enqueued, 1,000 in one turn (dexie, localforage, workbox: 1,000 in all)`,
    program: 'browser/in-page.mjs',
    jobs: 10_000,
    runs: 3,
    variants: inPage('enqueue', {
      quayside: (jobs) => ({ contender: 'quayside', by: 'turn', jobs }),
      'raw bulk put': (jobs) => ({ contender: 'raw', by: 'turn', jobs }),
      'dexie, bulkAdd': (jobs) => ({ contender: 'dexie-bulk', by: 'turn', jobs }),
      dexie: (jobs) => ({ contender: 'dexie', by: 'turn', jobs: aTenth(jobs) }),
      localforage: (jobs) => ({ contender: 'localforage', by: 'turn', jobs: aTenth(jobs) }),
      workbox: (jobs) => ({ contender: 'workbox', by: 'turn', jobs: aTenth(jobs) }),
    }),
    figures: rate,
    targets: ours({ 'raw bulk put': 0.5, 'dexie, bulkAdd': undefined, dexie: 5, localforage: undefined, workbox: 5 }),
  },
  drain(10, ours({ naive: 8, 'naive, and its adds': undefined, dexie: 6, localforage: undefined, workbox: 10 })),
  drain(100, ours({ naive: 25, 'naive, and its adds': undefined, dexie: 6, localforage: undefined, workbox: 10 })),
  {
    name: 'death',
    title: (jobs) => `A tab dies half through ${amount(jobs)} jobs, and another goes on`,
    program: 'browser/death.mjs',
    jobs: 2_000,
    variants: {
      'concurrency 10': (jobs) => ({ jobs, concurrency: 10 }),
      'concurrency 100': (jobs) => ({ jobs, concurrency: 100 }),
    },
    figures: { again: { unit: 'jobs run again' }, takenOverMs: { unit: 'ms to the next job' } },
  },
  {
    name: 'backlog',
    title: (jobs) => `${amount(jobs)} jobs enqueued and as many performed while others wait, concurrency 10`,
    program: 'browser/in-page.mjs',
    jobs: 5_000,
    runs: 3,
    variants: inPage('backlog', {
      '6,000 waiting': (jobs) => ({ jobs, concurrency: 10, waiting: 6_000 }),
      '100,000 waiting': (jobs) => ({ jobs, concurrency: 10, waiting: 100_000 }),
    }),
    figures: {
      singlePerSecond: { unit: 'enqueued one by one/s' },
      turnPerSecond: { unit: 'enqueued in turns/s' },
      performedPerSecond: { unit: 'performed/s' },
    },
    targets: ['singlePerSecond', 'turnPerSecond', 'performedPerSecond'].map((figure) => {
      return { figure, variant: '100,000 waiting', per: '6,000 waiting', atLeast: 0.75 }
    }),
  },
  {
    name: 'long',
    title: (jobs) => `${amount(jobs)} no-op jobs that wait already: is the last fifth slower than the first?`,
    program: 'browser/in-page.mjs',
    jobs: 50_000,
    runs: 3,
    variants: inPage('drain', {
      'concurrency 10': (jobs) => ({ contender: 'quayside', jobs, concurrency: 10 }),
      'concurrency 100': (jobs) => ({ contender: 'quayside', jobs, concurrency: 100 }),
    }),
    figures: { ...rate, lastToFirst: { unit: '× the first fifth', digits: 2 } },
    targets: ['concurrency 10', 'concurrency 100'].map((variant) => {
      return { figure: 'lastToFirst', variant, atLeast: 0.9 }
    }),
  },
  {
    name: 'tabs',
    title: (jobs) => `${amount(jobs)} no-op jobs that wait already, tabs: 'all', concurrency 10 in each tab`,
    program: 'browser/together.mjs',
    jobs: 20_000,
    runs: 3,
    variants: {
      'one tab': (jobs) => ({ tabs: 1, jobs, concurrency: 10 }),
      'four tabs': (jobs) => ({ tabs: 4, jobs, concurrency: 10 }),
    },
    figures: { ...rate, leastShare: { unit: '% of a fair share at least' } },
    targets: [{ figure: 'perSecond', variant: 'four tabs', per: 'one tab', atLeast: 1 }],
  },
  {
    name: 'latency',
    title: (jobs) => `From the call in one tab to the job in another and back, ${amount(jobs)} samples`,
    program: 'browser/latency.mjs',
    jobs: 200,
    runs: 3,
    variants: { quayside: (jobs) => ({ jobs }) },
    figures: { p50Ms: { unit: 'ms (p50)', digits: 2 }, p99Ms: { unit: 'ms (p99)', digits: 2 } },
    targets: [{ figure: 'p50Ms', variant: 'quayside', atMost: 20 }],
  },
  {
    name: 'long-tasks',
    title: (jobs) => `${amount(jobs)} no-op jobs that wait already, CPU / 4: tasks of the main thread over 50 ms`,
    program: 'browser/in-page.mjs',
    jobs: 10_000,
    runs: 3,
    variants: inPage('drain', {
      'concurrency 10': (jobs) => ({ contender: 'quayside', jobs, concurrency: 10, slowedDown: 4 }),
      'concurrency 100': (jobs) => ({ contender: 'quayside', jobs, concurrency: 100, slowedDown: 4 }),
    }),
    figures: { longTasks: { unit: 'long tasks' }, longestTaskMs: { unit: 'ms the longest' }, ...rate },
    targets: ['concurrency 10', 'concurrency 100'].map((variant) => {
      return { figure: 'longTasks', variant, atMost: 0 }
    }),
  },
  {
    name: 'size',
    title: () => 'What a page loads, bundled with its dependencies',
    program: 'browser/size.mjs',
    jobs: 1,
    runs: 1,
    variants: {
      'core + IndexedDB': () => ({ bundle: 'core + IndexedDB' }),
      'enqueue only': () => ({ bundle: '`quayside/client` + IndexedDB' }),
    },
    figures: {
      brotliKiB: { unit: 'KiB, minified, Brotli', digits: 1 },
      minifiedKiB: { unit: 'KiB minified', digits: 1 },
    },
    targets: [
      { figure: 'brotliKiB', variant: 'core + IndexedDB', atMost: 14 },
      { figure: 'brotliKiB', variant: 'enqueue only', atMost: 6 },
    ],
  },
]

/** Quayside over `indexedDBStorage()`, beside libraries used as queues in IndexedDB, and what one writes without any. */
export const browser: Suite = {
  cases,
  packages: ['quayside', 'idb', 'dexie', 'localforage', 'workbox-background-sync'],
  ground: browserGround,
}

function drain(concurrency: number, targets: Target[]): Case {
  return {
    name: `drain-${concurrency}`,
    title: (jobs) =>
      `${amount(jobs)} no-op jobs that wait already, concurrency ${concurrency} (others: a tenth of them)`,
    program: 'browser/in-page.mjs',
    jobs: 10_000,
    runs: 3,
    variants: inPage('drain', {
      quayside: (jobs) => ({ contender: 'quayside', jobs, concurrency }),
      naive: (jobs) => ({ contender: 'naive', jobs: aTenth(jobs), concurrency }),
      'naive, and its adds': (jobs) => ({ contender: 'naive-adds', jobs: aTenth(jobs), concurrency }),
      dexie: (jobs) => ({ contender: 'dexie', jobs: aTenth(jobs), concurrency }),
      localforage: (jobs) => ({ contender: 'localforage', jobs: aTenth(jobs), concurrency }),
      workbox: (jobs) => ({ contender: 'workbox', jobs: aTenth(jobs), concurrency }),
    }),
    figures: rate,
    targets,
  }
}

/** Variants that one page measures by itself. */
function inPage(measures: string, variants: Readonly<Record<string, (jobs: number) => Settings>>): Case['variants'] {
  const told = Object.entries(variants).map(([name, settings]) => {
    return [name, (jobs: number) => ({ measures, ...settings(jobs) })] as const
  })
  return Object.fromEntries(told)
}

/** Our rate as a share of others', with the least that it should be where there is a target. */
function ours(least: Readonly<Record<string, number | undefined>>): Target[] {
  return Object.entries(least).map(([per, atLeast]) => ({ figure: 'perSecond', variant: 'quayside', per, atLeast }))
}

const amount = (jobs: number): string => jobs.toLocaleString('en')
