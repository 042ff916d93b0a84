import { type Duration, toMs } from '../../duration.ts'
import { toError } from '../../errors.ts'
import type { WorkOptions } from '../../worker/work-options.ts'
import { checkEnd } from './everyday/check-end.ts'
import { everyday, everydayWork } from './everyday/everyday.ts'
import type { Scenario } from './here.ts'
import { type Faults, planOf } from './plan.ts'
import { storyOf } from './story.ts'
import { World } from './world.ts'

export interface SimulateOptions<Jobs> extends Partial<Scenario<Jobs>> {
  /** The same seed is the same run. */
  readonly seed: number
  /** Faults that shall be this strong, whatever the seed has chosen. `NO_FAULTS` is none at all. */
  readonly faults?: Partial<Faults>
  /** How the workers work, where it shall not be the seed's choice. */
  readonly work?: WorkOptions
  /** How long after the last fault a job may still not be done. Default an hour, of virtual time. */
  readonly patience?: Duration
  /** How many processes of each kind, where it shall not be the seed's choice. */
  readonly workers?: number
  readonly clients?: number
}

/** What a run was like. */
export interface Simulation {
  readonly seed: number
  /** Two runs with the same hash did the same things in the same order. */
  readonly hash: string
  /** How often something happened, and how much time seemed to pass meanwhile. */
  readonly steps: number
  readonly simulatedMs: number
  /** Jobs that somebody was promised, and runs of jobs (where the seed has chosen to listen). */
  readonly promised: number
  readonly runs: number
  /** The first thing that went wrong. */
  readonly failure: Failure | undefined
}

export interface Failure {
  readonly message: string
  readonly error: Error
  /** What led there, for a person to read: the faults of this seed, and what happened to the jobs concerned. */
  readonly story: string
}

/**
 * Runs an app in a simulated world: several processes with the real client and the real worker over a real storage,
 * where everything that can go wrong does, by chance, from one seed. After each step it is checked that no job is lost,
 * doubled, early or out of order; at the end, that all of them are done. Without `define` and `drive` it is the
 * engine's own jobs that run.
 */
export async function simulate<Jobs>(options: SimulateOptions<Jobs>): Promise<Simulation> {
  const world = worldOf(options, false)
  await world.run()
  const { seed, chronicle, steps, lastedMs, promised, runs, failure } = world
  const what = { seed, hash: chronicle.hash, steps, simulatedMs: lastedMs, promised, runs: runs.count }
  return { ...what, failure: failure && (await tell(failure, options)) }
}

/** The same seed again, this time with every line kept. */
async function tell<Jobs>(error: Error, options: SimulateOptions<Jobs>): Promise<Failure> {
  const world = worldOf(options, true)
  await world.run()
  const { seed, define } = options
  const again = define ? `simulate({ seed: ${seed}, … })` : `npm run simulate -- --from ${seed} --seeds 1`
  return { message: toError(error).message, error, story: storyOf(world, again) }
}

function worldOf<Jobs>(options: SimulateOptions<Jobs>, isTold: boolean): World<Jobs> {
  const { seed, faults, patience = '1h', define, drive, verify } = options
  const plan = planOf(seed, faults)
  const own = define && drive ? { define, drive, verify } : undefined
  const { workers = plan.workers, clients = plan.clients } = options
  return new World({
    seed,
    // A user's error handlers may take their time, and a failed run keeps its slot until they have heard.
    plan: { ...plan, workers, clients, isWatched: plan.isWatched && !own },
    scenario: own ?? (everyday(plan.faults) as unknown as Scenario<Jobs>),
    work: options.work ?? (own ? {} : everydayWork(seed, plan.concurrency)),
    patienceMs: toMs(patience, 'simulate(): patience'),
    isTold,
    checkEnd: own ? undefined : checkEnd,
  })
}
