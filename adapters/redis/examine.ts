import type { Clock } from '../../src/clock.ts'
import { toError } from '../../src/errors.ts'
import type { Finding } from '../../src/storage.ts'
import { readInfo } from './connection/server-check.ts'
import type { Link } from './link.ts'
import { EXAMINE } from './scripts/examine.ts'

/** Round trips that are timed: one alone may have met a pause. */
const PINGS = 9

/** Clocks that differ by more show wrong ages and due times; the engine itself goes by the clock of Redis. */
const SKEW_MS = 2_000

/** Each claim and each settlement waits for so long: more than this is felt. */
const SLOW_MS = 10

/** Looks at Redis as somebody does who operates it. What a question is refused for is a finding too. */
export async function examine(link: Link, clock: Clock): Promise<Finding[]> {
  const rtt = await roundTripMs(link, clock)
  return [
    ...(await asked('server', async () => serverFindings(readInfo(String(await link.command('INFO')))))),
    rttFinding(rtt),
    ...(await asked('scripts', () => scriptFindings(link, clock, rtt))),
    ...(await asked('tracking', () => trackingFindings(link))),
  ]
}

async function asked(about: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look()
  } catch (thrown) {
    const text = `Redis refuses to tell: ${toError(thrown).message}`
    return [{ about, verdict: 'warning', text, remedy: 'give the user the rights that docs/redis.md names' }]
  }
}

/** What INFO says. */
export function serverFindings(info: ReadonlyMap<string, string>): Finding[] {
  return [versionFinding(info), evictionFinding(info), persistenceFinding(info), ...memoryFindings(info)]
}

function versionFinding(info: ReadonlyMap<string, string>): Finding {
  const text = `Redis ${info.get('redis_version') ?? 'of an unknown version'}, ${info.get('redis_mode') ?? 'standalone'}`
  return { about: 'version', verdict: 'good', text }
}

function evictionFinding(info: ReadonlyMap<string, string>): Finding {
  const policy = info.get('maxmemory_policy') ?? 'unknown'
  if (policy === 'noeviction') return { about: 'eviction', verdict: 'good', text: 'maxmemory-policy is noeviction' }
  return {
    about: 'eviction',
    verdict: 'bad',
    text: `maxmemory-policy is ${policy}: a full Redis deletes jobs`,
    remedy: 'CONFIG SET maxmemory-policy noeviction, and in redis.conf',
  }
}

function persistenceFinding(info: ReadonlyMap<string, string>): Finding {
  const about = 'persistence'
  if (info.get('rdb_last_bgsave_status') === 'err' || info.get('aof_last_write_status') === 'err') {
    const remedy = "look at Redis' log and at its disk"
    return { about, verdict: 'bad', text: 'the last write to disk failed', remedy }
  }
  if (info.get('aof_enabled') === '1') {
    return { about, verdict: 'good', text: 'an append-only file is kept: a crash of Redis costs a second at most' }
  }
  const saved = Number(info.get('rdb_last_save_time'))
  const text = `snapshots only, the last at ${new Date(saved * 1_000).toISOString()}: a crash of Redis loses what came since`
  return { about, verdict: 'warning', text, remedy: 'CONFIG SET appendonly yes, and in redis.conf' }
}

function memoryFindings(info: ReadonlyMap<string, string>): Finding[] {
  const used = Number(info.get('used_memory'))
  const max = Number(info.get('maxmemory'))
  if (!(max > 0)) return []
  const percent = Math.round((100 * used) / max)
  const text = `${percent} % of maxmemory is used`
  if (percent < 80) return [{ about: 'memory', verdict: 'good', text }]
  const remedy = 'raise maxmemory, or find out which queue grows; a full Redis refuses new jobs'
  return [{ about: 'memory', verdict: percent < 95 ? 'warning' : 'bad', text, remedy }]
}

async function roundTripMs(link: Link, clock: Clock): Promise<number> {
  const times: number[] = []
  for (let ping = 0; ping < PINGS; ping++) {
    const asked = clock.monotonic()
    await link.command('PING')
    times.push(clock.monotonic() - asked)
  }
  return times.sort((one, other) => one - other)[PINGS >> 1] as number
}

function rttFinding(ms: number): Finding {
  const text = `${ms.toFixed(1)} ms to Redis and back`
  if (ms <= SLOW_MS) return { about: 'round trip', verdict: 'good', text }
  return { about: 'round trip', verdict: 'warning', text, remedy: 'let workers run nearer to Redis' }
}

/** A script that runs answers the clock, and who is gone. */
async function scriptFindings(link: Link, clock: Clock, rttMs: number): Promise<Finding[]> {
  const asked = clock.now()
  const [time, stale, gone] = (await link.run(EXAMINE, [])) as [string, string[], [string, number][]]
  const skewMs = Math.round(Number(time) - (asked + rttMs / 2))
  return [
    { about: 'scripts', verdict: 'good', text: 'Lua scripts can be loaded and run' },
    skewFinding(skewMs),
    ...gone.filter(([, jobs]) => jobs > 0).map(([id, jobs]) => goneFinding(id, jobs)),
    ...(stale.length > 0 ? [staleFinding(stale)] : []),
  ]
}

function skewFinding(ms: number): Finding {
  const text = `the clock of Redis is ${Math.abs(ms)} ms ${ms < 0 ? 'behind' : 'ahead of'} this machine's`
  if (Math.abs(ms) <= SKEW_MS) return { about: 'clock', verdict: 'good', text }
  return { about: 'clock', verdict: 'warning', text, remedy: 'let NTP set both clocks; cron goes by the workers’ own' }
}

function goneFinding(id: string, jobs: number): Finding {
  const text = `${id} is gone and holds ${jobs} ${jobs === 1 ? 'job' : 'jobs'}`
  return { about: 'dead process', verdict: 'bad', text, remedy: 'start a worker: after a lease it takes them over' }
}

function staleFinding(ids: readonly string[]): Finding {
  const text = `${ids.length} listed and gone: ${ids.slice(0, 3).join(', ')}`
  return { about: 'dead process', verdict: 'good', text: `${text} (Sidekiq forgets them within a minute)` }
}

/** OFF changes nothing where nothing is tracked, and is refused where ON would be. */
async function trackingFindings(link: Link): Promise<Finding[]> {
  await link.command('CLIENT', 'TRACKING', 'OFF')
  return [{ about: 'tracking', verdict: 'good', text: 'Redis tells waiting workers of new jobs: nobody polls' }]
}
