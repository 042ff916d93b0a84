import { find } from '../../scripts/ready/programs.mjs'
import { settings } from '../measured/redis/settings.mjs'
import { redisGround } from '../redis-ground.ts'
import type { Case, Settings, Suite, Target } from '../suite.ts'

const node = ['bullmq', 'bee-queue', 'groupmq']
const ruby = 'sidekiq'
const peers = [...node, ruby]
const pushedByRuby = 'quayside, pushed by Ruby'

/** Paths of the dashboard, those that read alike together. What is sought is nowhere, so that all are looked at. */
const pages = {
  'overview and live numbers': ['/', '/?days=180', '/live.json'],
  'workers and queues': ['/busy', '/queues', '/periodic'],
  'lists, also in the middle': ['/queues/default', '/retries', '/scheduled', '/dead', '/retries?page=20000'],
  'lists that are filtered': ['/queues/default?q=nowhere', '/retries?q=nowhere', '/retries?error=TypeError'],
  'a job': ['/retries/job?jid=000000000000000000000005', '/retries/job?jid=000000000000000000000bb8'],
  'failures by class and error': ['/failures'],
  'metrics of an hour': ['/metrics', '/metrics/Job1'],
  'metrics of eight hours': ['/metrics?minutes=480', '/metrics/Job1?minutes=480'],
}

const rate = { perSecond: { unit: 'jobs/s' }, cpuMicrosPerJob: { unit: 'µs of CPU a job', digits: 1 } }
const redisCpu = { redisMicrosPerJob: { unit: 'µs of Redis', digits: 1 } }

const cases: readonly Case[] = [
  perform(100, 60_000, [
    ...ours({ bullmq: 4, raw: 0.4, 'raw-fused': undefined }),
    fastest(peers, 2.5),
    rssOf('bullmq'),
  ]),
  perform(10, 40_000, [...ours({ bullmq: 3, raw: undefined }), fastest(peers, 2)]),
  perform(1, 15_000, [...ours({ bullmq: undefined, raw: undefined }), fastest(peers, 2)]),
  enqueue('enqueue', 'call', 'one by one with 100 in flight', [...ours({ raw: 1 }), fastest(peers, 1.3)]),
  enqueue('enqueue-bulk', 'bulk', '1,000 by each call', [...ours({ [ruby]: 1, raw: undefined }), fastest(node, 1.3)]),
  {
    name: 'end-to-end',
    title: (jobs) => `${amount(jobs)} jobs enqueued by one process and performed by another, concurrency 10`,
    program: 'redis/end-to-end.mjs',
    programs: { [ruby]: 'end_to_end.rb' },
    jobs: 20_000,
    variants: contenders(['quayside', 'raw', ...peers], (jobs) => ({ jobs, concurrency: 10 })),
    figures: rate,
    targets: [...ours({ bullmq: undefined, raw: undefined }), fastest(peers, 2)],
  },
  {
    name: 'latency',
    title: (jobs) => `From the call to the job, an idle worker on 10 queues, ${amount(jobs)} samples`,
    program: 'redis/latency.mjs',
    jobs: 400,
    variants: {
      quayside: latencyOf('quayside', 'itself'),
      'quayside, pushed raw': latencyOf('quayside', 'raw'),
      [pushedByRuby]: latencyOf('quayside', 'ruby'),
      blmove: latencyOf('blmove', 'itself', 1),
      ...Object.fromEntries(node.map((name) => [name, latencyOf(name, 'itself')])),
    },
    figures: {
      p50Ms: { unit: 'ms (p50)', digits: 2 },
      p99Ms: { unit: 'ms (p99)', digits: 2 },
      roundTrips: { unit: 'round trips (p50)', digits: 1 },
    },
    targets: ['quayside', 'quayside, pushed raw', pushedByRuby].flatMap((variant) => [
      { figure: 'roundTrips', variant, atMost: 4 },
      { figure: 'p99Ms', variant, per: 'blmove', atMost: 2 },
    ]),
  },
  {
    name: 'lateness',
    title: (jobs) => `Lateness of ${amount(jobs)} scheduled jobs, due at random within 2 s`,
    program: 'redis/lateness.mjs',
    jobs: 1_000,
    variants: contenders(['quayside', 'blmove', 'bullmq', 'bee-queue'], (jobs) => ({ jobs, withinMs: 2_000 })),
    figures: { p50Ms: { unit: 'ms (p50)', digits: 2 }, p99Ms: { unit: 'ms (p99)', digits: 2 } },
    targets: [
      { figure: 'p50Ms', variant: 'quayside', atMost: 2 },
      { figure: 'p99Ms', variant: 'quayside', per: 'blmove', atMost: 2 },
    ],
  },
  {
    name: 'idle',
    title: (seconds) => `${seconds} s of a process with a worker that has nothing to do on 50 queues, and a client`,
    program: 'redis/idle.mjs',
    jobs: 20,
    runs: 1,
    variants: contenders(['quayside', ...node], (seconds) => ({ queues: 50, seconds })),
    figures: { perSecond: { unit: 'requests/s', digits: 1 }, connections: { unit: 'connections' } },
    targets: [
      { figure: 'perSecond', variant: 'quayside', atMost: 1 },
      { figure: 'connections', variant: 'quayside', atMost: 3 },
    ],
  },
  {
    name: 'memory',
    title: (jobs) => `Memory of Redis for ${amount(jobs)} waiting jobs`,
    program: 'redis/memory.mjs',
    jobs: 20_000,
    runs: 3,
    variants: {
      'quayside, in bulk': (jobs) => ({ contender: 'quayside', jobs, by: 'bulk' }),
      'quayside, one by one': (jobs) => ({ contender: 'quayside', jobs, by: 'call' }),
      ...contenders(node, (jobs) => ({ jobs, by: 'bulk' })),
    },
    figures: { bytesPerJob: { unit: 'bytes a job' }, timesBare: { unit: '× its bare payload in a list', digits: 3 } },
    targets: ['quayside, in bulk', 'quayside, one by one'].map((variant) => {
      return { figure: 'timesBare', variant, atMost: 1.05 }
    }),
  },
  {
    name: 'growth',
    title: (jobs) => `${amount(jobs)} jobs pushed and claimed through the contract, while others wait`,
    program: 'redis/growth.mjs',
    jobs: 100_000,
    variants: {
      '1,000 waiting': (jobs) => ({ jobs, waiting: 1_000 }),
      'five million waiting': (jobs) => ({ jobs, waiting: 5_000_000 }),
    },
    figures: { pushedPerSecond: { unit: 'pushed/s' }, claimedPerSecond: { unit: 'claimed/s' } },
    targets: ['pushedPerSecond', 'claimedPerSecond'].map((figure) => {
      return { figure, variant: 'five million waiting', per: '1,000 waiting', atLeast: 0.9 }
    }),
  },
  {
    name: 'stop',
    title: (jobs) => `The longest stop of Redis while ${amount(jobs)} due jobs are promoted and performed`,
    program: 'redis/stop.mjs',
    jobs: 100_000,
    variants: contenders(['quayside'], (jobs) => ({ jobs })),
    figures: {
      longestGapMs: { unit: 'ms without an answer', digits: 1 },
      calmGapMs: { unit: 'ms while nothing happened', digits: 1 },
      longestCallMs: { unit: 'ms in a call', digits: 1 },
      perSecond: { unit: 'jobs/s' },
    },
    targets: [{ figure: 'longestGapMs', variant: 'quayside', atMost: 20 }],
  },
  {
    name: 'dashboard',
    title: (jobs) => `Pages of the dashboard, ${amount(jobs)} jobs in a queue and in two sets, 100 workers`,
    program: 'redis/dashboard.mjs',
    jobs: 1_000_000,
    runs: 1,
    variants: Object.fromEntries(
      Object.entries(pages).map(([variant, paths]) => [variant, (jobs: number) => ({ jobs, paths: paths.join(' ') })]),
    ),
    figures: { p50Ms: { unit: 'ms (p50 of the slowest)', digits: 1 }, maxMs: { unit: 'ms at most', digits: 1 } },
    targets: Object.keys(pages).map((variant) => ({ figure: 'p50Ms', variant, atMost: 50 })),
  },
]

/** Quayside over `redisStorage()`, beside queues that live in Redis as well, and the least that any of them can do. */
export const redis: Suite = {
  cases,
  packages: ['quayside', 'ioredis', ...node],
  settings,
  missing: () => {
    if (find('sidekiq')) return undefined
    return { variants: [ruby, pushedByRuby], why: 'Ruby Sidekiq is not here; on Debian: apt-get install ruby-sidekiq' }
  },
  ground: redisGround,
}

function perform(concurrency: number, jobs: number, targets: Target[]): Case {
  const raw = concurrency === 100 ? ['raw', 'raw-fused'] : ['raw']
  return {
    name: `perform-${concurrency}`,
    title: (jobs) => `${amount(jobs)} no-op jobs that wait already, one process, concurrency ${concurrency}`,
    program: 'redis/perform.mjs',
    programs: { [ruby]: 'perform.rb' },
    jobs,
    variants: contenders(['quayside', ...raw, ...peers], (jobs) => ({ jobs, concurrency })),
    figures: { ...rate, ...redisCpu, rssMB: { unit: 'MB at most' } },
    targets,
  }
}

function enqueue(name: string, by: string, how: string, targets: Target[]): Case {
  return {
    name,
    title: (jobs) => `${amount(jobs)} jobs enqueued by one process, ${how}, none performed`,
    program: 'redis/enqueue.mjs',
    programs: { [ruby]: 'enqueue.rb' },
    jobs: 40_000,
    variants: contenders(['quayside', 'raw', ...peers], (jobs) => ({ jobs, by })),
    figures: { ...rate, ...redisCpu },
    targets,
  }
}

function contenders(names: readonly string[], settings: (jobs: number) => Settings): Case['variants'] {
  const variant = (contender: string) => [contender, (jobs: number) => ({ contender, ...settings(jobs) })] as const
  return Object.fromEntries(names.map(variant))
}

function latencyOf(contender: string, by: string, queues = 10): (jobs: number) => Settings {
  return (jobs) => ({ contender, by, queues, jobs })
}

/** Our rate as a share of others', with the least that it should be where there is a target. */
function ours(least: Readonly<Record<string, number | undefined>>): Target[] {
  return Object.entries(least).map(([per, atLeast]) => ({ figure: 'perSecond', variant: 'quayside', per, atLeast }))
}

function fastest(per: readonly string[], atLeast: number): Target {
  return { figure: 'perSecond', variant: 'quayside', per, atLeast }
}

function rssOf(per: string): Target {
  return { figure: 'rssMB', variant: 'quayside', per, atMost: 1 }
}

const amount = (jobs: number): string => jobs.toLocaleString('en')
