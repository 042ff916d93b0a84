import type { Note } from './orders.ts'

/** What happened to a page, as the test did it. */
export interface Fate {
  /** When it was made to end, if it was. */
  goneAt?: number
  /** From when to when it was frozen; the last time may last. */
  readonly frozen: { readonly from: number; to: number }[]
}

/** What became of the jobs. The lists should be empty; each line of one tells the story of a job. */
export interface Verdict {
  /** Acknowledged jobs. */
  readonly stored: number
  readonly performed: number
  /** Jobs with more runs than one, failed ones not counted. */
  readonly performedAgain: number
  /** Runs that began while an earlier one went on in a page that was frozen meanwhile. */
  readonly robbed: number
  readonly dead: number
  /** Acknowledged, never performed, and not dead. */
  readonly lost: readonly string[]
  /** The same, but the browser has forgotten what a plain database had committed after the acknowledgement, too. */
  readonly forgotten: number
  /** Two runs at a time, and the page of the first neither gone nor frozen. */
  readonly overlapping: readonly string[]
  /** Performed again, although nothing had happened to the page that performed it. */
  readonly unexplained: readonly string[]
}

interface Run {
  readonly who: string
  readonly begunAt: number
  endedAt: number
  isFailed: boolean
  /** Its signal fired: it was told that the job is not its own any more. */
  isAborted: boolean
}

/** What the browser keeps at the end. */
export interface Left {
  /** Ids of jobs in the dead set. */
  readonly dead: readonly string[]
  /** Ids of acknowledged jobs that a plain database still has. */
  readonly kept: readonly string[]
}

/** Judges when no job waits or runs any more. */
export function judge(notes: readonly Note[], fates: ReadonlyMap<string, Fate>, { dead, kept }: Left): Verdict {
  const jobs = [...byId(notes)].map(([id, notes]) => {
    return { id, notes, runs: runsOf(notes), was: (what: Note['what']) => notes.some((note) => note.what === what) }
  })
  type Job = (typeof jobs)[number]
  const stories = (is: (job: Job) => boolean) => jobs.filter(is).map(({ id, notes }) => storyOf(id, notes))
  const pairs = jobs.flatMap(({ runs }) => concurrent(runs))
  const isGone = ({ who }: Run, at: number) => (fates.get(who)?.goneAt ?? Number.POSITIVE_INFINITY) <= at
  const wasFrozen = ({ who }: Run, from: number, to: number) =>
    fates.get(who)?.frozen.some((time) => time.from <= to && time.to >= from) === true
  const wasRobbed = (run: Run, next: Run) => !isGone(run, next.begunAt) && wasFrozen(run, run.begunAt, next.begunAt)
  // What a page that has ended still had to tell may arrive late.
  const isOverlap = ([first, next]: Pair) =>
    !isGone(first, next.begunAt) && !isGone(next, next.begunAt) && !wasRobbed(first, next)
  const isUnexplained = (run: Run, next: Run | undefined) =>
    next !== undefined && !run.isFailed && !run.isAborted && !isGone(run, next.begunAt) && !wasRobbed(run, next)
  const isMissing = ({ id, was }: Job) => was('stored') && !was('ended') && !dead.includes(id)
  const known = new Set(kept)
  return {
    stored: jobs.filter(({ was }) => was('stored')).length,
    performed: jobs.filter(({ was }) => was('ended')).length,
    performedAgain: jobs.filter(({ runs }) => runs.filter(({ isFailed }) => !isFailed).length > 1).length,
    robbed: pairs.filter(([first, next]) => wasRobbed(first, next)).length,
    dead: dead.length,
    lost: stories((job) => isMissing(job) && known.has(job.id)),
    forgotten: jobs.filter((job) => isMissing(job) && !known.has(job.id)).length,
    overlapping: stories(({ runs }) => concurrent(runs).some(isOverlap)),
    unexplained: stories(({ runs }) => runs.some((run, index) => isUnexplained(run, runs[index + 1]))),
  }
}

type Pair = readonly [first: Run, next: Run]

/** Runs of a job of which one began while the other went on. */
function concurrent(runs: readonly Run[]): Pair[] {
  return runs.flatMap((next, index) =>
    runs.slice(0, index).flatMap((first): Pair[] => (next.begunAt < first.endedAt ? [[first, next]] : [])),
  )
}

function byId(notes: readonly Note[]): ReadonlyMap<string, Note[]> {
  const jobs = new Map<string, Note[]>()
  for (const note of notes) if (note.id !== '') jobs.set(note.id, [...(jobs.get(note.id) ?? []), note])
  return jobs
}

function runsOf(notes: readonly Note[]): Run[] {
  const runs: Run[] = []
  for (const { what, who, at } of notes) {
    if (what === 'begun') {
      runs.push({ who, begunAt: at, endedAt: Number.POSITIVE_INFINITY, isFailed: false, isAborted: false })
    }
    const run = runs.findLast((run) => run.who === who)
    if (!run) continue
    if (what === 'failed') run.isFailed = true
    if (what === 'aborted') run.isAborted = true
    if (what === 'failed' || what === 'ended' || what === 'aborted') run.endedAt = Math.min(run.endedAt, at)
  }
  return runs
}

function storyOf(id: string, notes: readonly Note[]): string {
  const told = notes.map(({ at, who, what, about = '' }) => `${at.toFixed(0)} ${who} ${what} ${about}`.trim())
  return `${id}: ${told.join(', ')}`
}
