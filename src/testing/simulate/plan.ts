import { Random } from './random.ts'

/** How strong each fault is. 0 is off. Times are virtual milliseconds; chances are per call of the storage. */
export interface Faults {
  /** The request never arrives. */
  readonly lost: number
  /** Executed, but its answer never arrives. */
  readonly unanswered: number
  /** Executed long after its caller gave up on it. */
  readonly late: number
  /** Executed twice, because something below the engine sent it again. */
  readonly twice: number
  /** Takes seconds. */
  readonly slow: number
  /** A wake-up that never arrives. */
  readonly unwoken: number
  /** Mean time between two crashes of a process; as for what follows, 0 is never. */
  readonly crashEveryMs: number
  /** Processes are frozen, as by SIGSTOP or a busy event loop, and thawed. */
  readonly freezeEveryMs: number
  readonly freezeMs: number
  /** Workers are stopped in good order, and started again. */
  readonly stopEveryMs: number
  /** The store cannot be reached for a while. */
  readonly outageEveryMs: number
  readonly outageMs: number
  /** The store starts again, with what was durable by then. */
  readonly restartEveryMs: number
  /** What is executed becomes durable this often; 0 is at once. */
  readonly flushEveryMs: number
  /** Whether the store answers only what is durable, or at once what it may still lose. */
  readonly answersEarly: boolean
  /** Clocks of processes: how wrong at first, how much faster or slower (0.01 is 1 %), and how often they are set. */
  readonly skewMs: number
  readonly drift: number
  readonly clockSetEveryMs: number
  /** The same for the store's own clock. */
  readonly storeClockSetEveryMs: number
  /** Handlers that crash their process; the chance of each run. Only the simulation's own jobs do that. */
  readonly deadlyRuns: number
  /** A process has no network for a while. The store is as near as ever: only jobs that ask `isOffline` notice. */
  readonly offlineEveryMs: number
  readonly offlineMs: number
}

/** What a seed has chosen. */
export interface Plan {
  readonly faults: Faults
  readonly workers: number
  readonly clients: number
  readonly latencyMs: number
  /** Whether the store can wake workers; they poll if not. */
  readonly canWake: boolean
  /** Whether somebody listens to the app's events, which takes the engine other ways. */
  readonly isHeard: boolean
  readonly heartbeatMs: number
  readonly leaseMs: number
  readonly stopTimeoutMs: number
  readonly concurrency: number
  /** How long clients work and faults happen. Then all is healed. */
  readonly activeMs: number
  /** Whether a middleware stands around each run, and watches those that ignore their signal. */
  readonly isWatched: boolean
}

/** So many of the seeds are calm: what must not happen without an excuse shows there. */
const CALM = 0.1

export const NO_FAULTS: Faults = {
  lost: 0,
  unanswered: 0,
  late: 0,
  twice: 0,
  slow: 0,
  unwoken: 0,
  crashEveryMs: 0,
  freezeEveryMs: 0,
  freezeMs: 0,
  stopEveryMs: 0,
  outageEveryMs: 0,
  outageMs: 0,
  restartEveryMs: 0,
  flushEveryMs: 0,
  answersEarly: false,
  skewMs: 0,
  drift: 0,
  clockSetEveryMs: 0,
  storeClockSetEveryMs: 0,
  deadlyRuns: 0,
  offlineEveryMs: 0,
  offlineMs: 0,
}

/** Each seed picks which faults are on and how strong: with all of them on in every run, they hide each other's bugs. */
export function planOf(seed: number, faults: Partial<Faults> = {}): Plan {
  const random = new Random(seed, 'plan')
  const isCalm = random.chance(CALM)
  const heartbeatMs = random.pick([1_000, 2_000, 4_000])
  return {
    faults: { ...(isCalm ? calmFaultsOf(random) : faultsOf(random)), ...faults },
    workers: random.whole(1, 3),
    clients: random.whole(1, 2),
    latencyMs: random.pick([0.3, 2, 20]),
    canWake: random.chance(0.8),
    isHeard: random.chance(0.7),
    heartbeatMs,
    leaseMs: heartbeatMs * random.pick([2, 3, 5]),
    stopTimeoutMs: random.pick([500, 5_000, 25_000]),
    concurrency: random.whole(1, 6),
    activeMs: random.between(20_000, 90_000),
    isWatched: random.chance(0.5),
  }
}

/** Only what excuses nothing: deployments, and clocks of processes that are wrong. */
function calmFaultsOf(random: Random): Faults {
  const { stopEveryMs, skewMs, drift } = faultsOf(random)
  return { ...NO_FAULTS, stopEveryMs, skewMs, drift }
}

function faultsOf(random: Random): Faults {
  const sometimes = <T>(chance: number, value: T, otherwise: T): T => (random.chance(chance) ? value : otherwise)
  const often = (chance: number, from: number, to: number) => sometimes(chance, random.between(from, to), 0)
  return {
    lost: often(0.25, 0.01, 0.2),
    unanswered: often(0.3, 0.01, 0.2),
    late: often(0.2, 0.01, 0.1),
    twice: often(0.25, 0.01, 0.2),
    slow: often(0.25, 0.01, 0.2),
    unwoken: often(0.2, 0.05, 0.5),
    crashEveryMs: often(0.4, 8_000, 40_000),
    freezeEveryMs: often(0.3, 8_000, 40_000),
    freezeMs: random.between(500, 40_000),
    stopEveryMs: often(0.5, 5_000, 40_000),
    outageEveryMs: often(0.25, 15_000, 60_000),
    outageMs: random.between(200, 40_000),
    restartEveryMs: often(0.2, 15_000, 60_000),
    flushEveryMs: often(0.6, 5, 3_000),
    answersEarly: random.chance(0.4),
    skewMs: sometimes(0.4, random.between(1_000, 600_000), 0),
    drift: sometimes(0.4, random.between(0.0001, 0.05), 0),
    clockSetEveryMs: often(0.2, 10_000, 60_000),
    storeClockSetEveryMs: often(0.1, 20_000, 60_000),
    deadlyRuns: often(0.3, 0.1, 0.6),
    offlineEveryMs: often(0.5, 5_000, 40_000),
    offlineMs: random.between(500, 30_000),
  }
}

/** True when nothing happens that would excuse a job that is performed again after it was done. */
export function isCalm({ lost, unanswered, late, twice, slow, crashEveryMs, freezeEveryMs, ...rest }: Faults): boolean {
  const { outageEveryMs, restartEveryMs, storeClockSetEveryMs, deadlyRuns } = rest
  const calls = lost + unanswered + late + twice + slow
  const processes = crashEveryMs + freezeEveryMs + deadlyRuns
  return calls + processes + outageEveryMs + restartEveryMs + storeClockSetEveryMs === 0
}
