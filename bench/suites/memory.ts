import type { Case, Settings, Suite, Target } from '../suite.ts'

const peers = ['p-queue', 'fastq', 'async']

const rate = { perSecond: { unit: 'jobs/s' }, cpuMicrosPerJob: { unit: 'µs of CPU a job', digits: 2 } }

const cases: readonly Case[] = [
  throughput('perform', 10, { 'p-queue': 0.6, fastq: 0.3 }),
  throughput('perform-1', 1),
  throughput('perform-100', 100),
  {
    name: 'perform-some',
    title: (jobs) => `${amount(jobs)} no-op jobs, never more than 1,000 queued, concurrency 10`,
    program: 'perform-some.mjs',
    jobs: 300_000,
    // better-queue is only here: with 300,000 jobs queued at once it takes minutes.
    variants: contenders([...peers, 'better-queue'], (jobs) => ({ jobs, concurrency: 10, mostQueued: 1_000 })),
    figures: rate,
    targets: comparison('perSecond', peers),
  },
  {
    name: 'enqueue',
    title: (jobs) => `${amount(jobs)} jobs enqueued, none performed`,
    program: 'enqueue.mjs',
    jobs: 300_000,
    variants: {
      performAsync: (jobs) => ({ by: 'performAsync', jobs }),
      performBulk: (jobs) => ({ by: 'performBulk', jobs }),
    },
    figures: rate,
    targets: [{ figure: 'perSecond', variant: 'performBulk', per: 'performAsync', atLeast: 3 }],
  },
  {
    name: 'latency',
    title: (jobs) => `From the call to the job, one at a time on an idle worker, ${amount(jobs)} samples`,
    program: 'latency.mjs',
    jobs: 10_000,
    variants: contenders(peers, (jobs) => ({ jobs })),
    figures: { p50Micros: { unit: 'µs (p50)', digits: 1 }, p99Micros: { unit: 'µs (p99)', digits: 1 } },
    targets: [
      { figure: 'p50Micros', variant: 'quayside', atMost: 50 },
      { figure: 'p99Micros', variant: 'quayside', atMost: 1_000 },
    ],
  },
  {
    name: 'lateness',
    title: (jobs) => `Lateness of ${amount(jobs)} scheduled jobs, due at random within 2 s`,
    program: 'lateness.mjs',
    jobs: 2_000,
    variants: { quayside: (jobs) => ({ jobs, withinMs: 2_000 }) },
    figures: { p50Ms: { unit: 'ms (p50)', digits: 2 }, p99Ms: { unit: 'ms (p99)', digits: 2 } },
    targets: [{ figure: 'p99Ms', variant: 'quayside', atMost: 5 }],
  },
  backlog('backlog', 'backlog-jobs.mjs', 'performed, each enqueuing the next'),
  backlog('backlog-storage', 'backlog-storage.mjs', 'pushed and claimed through the contract'),
  {
    name: 'waiting-memory',
    title: (jobs) => `Memory of ${amount(jobs)} waiting jobs`,
    program: 'waiting-memory.mjs',
    flags: ['--expose-gc'],
    jobs: 1_000_000,
    variants: {
      performAsync: (jobs) => ({ by: 'performAsync', jobs }),
      performBulk: (jobs) => ({ by: 'performBulk', jobs }),
    },
    figures: { bytesPerJob: { unit: 'bytes a job' }, beyondText: { unit: 'bytes a job beyond its text' } },
    targets: ['performAsync', 'performBulk'].map((variant) => ({ figure: 'beyondText', variant, atMost: 400 })),
  },
  {
    name: 'performed-memory',
    title: (jobs) => `Memory left of ${amount(jobs)} performed jobs`,
    program: 'performed-memory.mjs',
    flags: ['--expose-gc'],
    jobs: 1_000_000,
    variants: { quayside: (jobs) => ({ jobs }) },
    figures: { leftBytes: { unit: 'bytes' } },
    targets: [{ figure: 'leftBytes', variant: 'quayside', atMost: 1_000_000 }],
  },
]

/** Quayside over `memoryStorage()`, beside queues that live in memory as well. */
export const memory: Suite = { cases, packages: ['quayside', ...peers, 'better-queue'] }

function throughput(name: string, concurrency: number, least: Readonly<Record<string, number>> = {}): Case {
  return {
    name,
    title: (jobs) => `${amount(jobs)} no-op jobs, all enqueued at once, concurrency ${concurrency}`,
    program: 'perform.mjs',
    jobs: 300_000,
    variants: contenders(peers, (jobs) => ({ jobs, concurrency })),
    figures: rate,
    targets: comparison('perSecond', peers, least),
  }
}

function backlog(name: string, program: string, how: string): Case {
  const [few, many] = ['1,000 waiting', 'a million waiting'] as const
  return {
    name,
    title: (jobs) => `${amount(jobs)} jobs ${how}, while others wait`,
    program,
    flags: ['--expose-gc'],
    jobs: 300_000,
    variants: {
      [few]: (jobs) => ({ jobs, waiting: 1_000 }),
      [many]: (jobs) => ({ jobs, waiting: 1_000_000 }),
    },
    figures: rate,
    targets: [{ figure: 'perSecond', variant: many, per: few, atLeast: 0.75 }],
  }
}

/** Ours first, then the others. */
function contenders(names: readonly string[], settings: (jobs: number) => Settings): Case['variants'] {
  const variant = (contender: string) => [contender, (jobs: number) => ({ contender, ...settings(jobs) })] as const
  return Object.fromEntries(['quayside', ...names].map(variant))
}

/** Ours as a share of each of the others, with the least that it should be where there is a target. */
function comparison(figure: string, others: readonly string[], least: Readonly<Record<string, number>> = {}): Target[] {
  return others.map((per) => ({ figure, variant: 'quayside', per, atLeast: least[per] }))
}

const amount = (jobs: number): string => jobs.toLocaleString('en')
