import type { Redis } from 'ioredis'
import type { Ledger, Note } from './ledger.ts'
import { placesOf } from './places.ts'

/** What became of the jobs, by the ledger and by what lies in Redis. The lists are of ids, and should be empty. */
export interface Verdict {
  /** Acknowledged jobs. */
  readonly stored: number
  readonly performed: number
  /** Jobs with more runs than one, failed ones not counted. */
  readonly performedAgain: number
  readonly dead: readonly string[]
  /** Acknowledged, not performed, and nowhere. */
  readonly lost: readonly string[]
  /** In two places at once. */
  readonly doubled: readonly string[]
  /** Refused with the word that nothing was done, and yet there or performed. */
  readonly dishonest: readonly string[]
  /** Performed again although the worker of the run before was not gone, and did not lose or fail it. */
  readonly unexplained: readonly string[]
  /** Runs that Redis counted as processed and not failed, less the jobs that were performed and are not dead. */
  readonly miscounted: number
}

/** Judges when all workers have come to rest. `gone`: the names of those that were killed, or stopped for a while. */
export async function judge(ledger: Ledger, redis: Redis, gone: ReadonlySet<string>): Promise<Verdict> {
  const places = await placesOf(redis)
  const jobs = [...byId(ledger.notes)].map(([id, notes]) => ({
    id,
    notes,
    places: places.get(id) ?? [],
    runs: runsOf(notes),
    was: (what: Note['what']) => notes.some((note) => note.what === what),
  }))
  type Job = (typeof jobs)[number]
  const ids = (is: (job: Job) => boolean) => jobs.filter(is).map(({ id }) => id)
  const isDead = ({ places }: Job) => places.includes('dead')
  const performed = jobs.filter(({ was }) => was('ended'))
  const [processed, failed] = await redis.mget('stat:processed', 'stat:failed')
  return {
    stored: ids(({ was }) => was('stored')).length,
    performed: performed.length,
    performedAgain: ids(({ runs }) => runs.filter(({ isFailed }) => !isFailed).length > 1).length,
    dead: ids(isDead),
    lost: ids(({ was, places }) => was('stored') && !was('ended') && places.length === 0),
    doubled: ids(({ places }) => places.length > 1),
    dishonest: ids(({ notes, places, runs }) => isCertainlyRefused(notes) && places.length + runs.length > 0),
    unexplained: ids(({ runs }) => runs.slice(0, -1).some((run) => !run.isFailed && !run.isLost && !gone.has(run.who))),
    miscounted: Number(processed) - Number(failed) - performed.filter((job) => !isDead(job)).length,
  }
}

function byId(notes: readonly Note[]): ReadonlyMap<string, Note[]> {
  const jobs = new Map<string, Note[]>()
  for (const note of notes) {
    const job = jobs.get(note.id)
    if (job) job.push(note)
    else jobs.set(note.id, [note])
  }
  return jobs
}

interface Run {
  readonly who: string
  isFailed: boolean
  /** Its signal fired: it was told that the job is not its own any more. */
  isLost: boolean
}

function runsOf(notes: readonly Note[]): Run[] {
  const runs: Run[] = []
  for (const { what, who } of notes) {
    if (what === 'begun') runs.push({ who, isFailed: false, isLost: false })
    const run = runs.findLast((run) => run.who === who)
    if (run && what === 'failed') run.isFailed = true
    if (run && what === 'aborted') run.isLost = true
  }
  return runs
}

function isCertainlyRefused(notes: readonly Note[]): boolean {
  const answers = notes.filter(({ what }) => what === 'stored' || what === 'refused')
  return answers.length > 0 && answers.every(({ outcome }) => outcome === 'none')
}
