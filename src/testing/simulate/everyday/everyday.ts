import type { WorkOptions } from '../../../worker/work-options.ts'
import type { Scenario } from '../here.ts'
import type { Faults } from '../plan.ts'
import { Random } from '../random.ts'
import { drive } from './drive.ts'
import { type EverydayJobs, jobsOf } from './jobs.ts'

/** What the engine is tried with: jobs of every kind, and clients that do all that a client can do. */
export function everyday({ deadlyRuns }: Faults): Scenario<EverydayJobs> {
  return { define: (here) => jobsOf(here, deadlyRuns), drive }
}

/** How workers look at the queues, one way in one seed. */
export function everydayWork(seed: number, concurrency: number): WorkOptions {
  const queues = ['critical', 'default', 'low']
  return new Random(seed, 'queues').pick<WorkOptions>([
    {},
    { queues },
    { queues: { critical: 3, default: 2, low: 1 } },
    { queues, order: 'random' },
    { capsules: { one: { queues: ['low'], concurrency }, two: { queues: ['critical', 'default'], concurrency } } },
  ])
}
