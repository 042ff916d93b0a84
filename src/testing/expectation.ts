import { aDuration, type Duration, toMs } from '../duration.ts'
import { OptionError } from '../errors.ts'
import { isDate } from '../job-options.ts'
import { checkOptions, queueName, type Rules, rule, wholeNumber } from '../options.ts'
import { instantMs } from '../payload.ts'
import { differences, show, showArgs } from './matching.ts'
import { groundOf, nameOf, type Target } from './target.ts'
import { type EnqueuedJob, type Waiting, waitingOn } from './waiting.ts'

/** How a job is expected to be enqueued. */
export interface EnqueuedOptions {
  /** On this queue. */
  readonly on?: string
  /** Due so long after it was enqueued: within 1 %, and a second. */
  readonly in?: Duration
  /** Due at this instant, within a second. */
  readonly at?: Date
  /** Just so many such jobs, and not one or more. */
  readonly times?: number
}

export interface Expectation extends EnqueuedOptions {
  readonly args?: readonly unknown[] | undefined
}

const ENQUEUED_OPTIONS: Rules = {
  on: queueName,
  in: aDuration,
  at: rule('a valid Date', isDate),
  times: wholeNumber(0),
}

/** A waiting job beside an expectation. */
export interface Compared extends Waiting {
  /** What is not as expected, in words. */
  readonly flaws: readonly string[]
  /** 0 when all is. */
  readonly distance: number
}

export interface Found {
  readonly passes: boolean
  /** The jobs that are as expected. */
  readonly matching: readonly Compared[]
  /** The target's others, closest first. */
  readonly others: readonly Compared[]
  /** What waits of other jobs. */
  readonly strangers: readonly EnqueuedJob[]
  readonly isInline: boolean
}

/** Looks for jobs as expected. Throws OptionError for options that cannot be right. */
export function find(call: string, target: Target, expectation: Expectation): Found {
  const { args: _, ...options } = expectation
  checkOptions(`${call}()`, options, ENQUEUED_OPTIONS)
  if (options.in !== undefined && options.at !== undefined) throw new OptionError(`${call}() takes in or at, not both.`)
  const { own, strangers, isInline } = waitingFor(call, target)
  const compared = own.map((waiting) => compare(waiting, expectation))
  const matching = compared.filter(({ flaws }) => flaws.length === 0)
  // Of those that are equally close, the last one is most likely meant.
  const others = compared.filter(({ flaws }) => flaws.length > 0).reverse()
  others.sort((a, b) => a.distance - b.distance)
  const { times } = expectation
  const passes = times === undefined ? matching.length > 0 : matching.length === times
  return { passes, matching, others, strangers, isInline }
}

/** What waits of a target, and of others. */
export function waitingFor(
  call: string,
  target: Target,
): { readonly own: Waiting[]; readonly strangers: EnqueuedJob[]; readonly isInline: boolean } {
  const ground = groundOf(call, target)
  const name = nameOf(target)
  const all = waitingOn(ground)
  const isOwn = ({ job }: Waiting) => name === undefined || job.class === name
  const strangers = all.filter((waiting) => !isOwn(waiting)).map(({ job }) => job)
  return { own: all.filter(isOwn), strangers, isInline: ground.mode === 'inline' }
}

function compare(waiting: Waiting, { args, on, in: wait, at }: Expectation): Compared {
  const { job } = waiting
  const inArgs = args === undefined ? [] : differences(args, job.args, 'args')
  const flaws = inArgs.map(({ path, actual }) => `${path} is ${show(actual)}`)
  let distance = inArgs.reduce((sum, { weight }) => sum + weight, 0)
  if (on !== undefined && job.queue !== on) {
    flaws.push(`the queue is '${job.queue}'`)
    distance += 1
  }
  if (!isInTime(job, wait, at)) {
    flaws.push(`it is due ${dueText(job)}`)
    distance += 1
  }
  return { ...waiting, flaws, distance }
}

const SECOND = 1_000

function isInTime(job: EnqueuedJob, wait: Duration | undefined, at: Date | undefined): boolean {
  if (at !== undefined) return job.at !== undefined && Math.abs(job.at.getTime() - at.getTime()) <= SECOND
  if (wait === undefined) return true
  const ms = toMs(wait, 'in')
  // A Date that the test made itself is some milliseconds older than the push.
  return Math.abs(delayMs(job) - ms) <= Math.min(SECOND, Math.max(10, ms / 100))
}

/** How long the job waits from when it came to its set: from its push, or from its last failure. */
function delayMs({ at, retried_at, failed_at, created_at }: EnqueuedJob): number {
  return at === undefined ? 0 : at.getTime() - (instantMs(retried_at ?? failed_at ?? created_at) ?? at.getTime())
}

const UNITS: readonly (readonly [string, number])[] = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', SECOND],
]

function dueText(job: EnqueuedJob): string {
  if (!job.at) return 'now'
  const ms = Math.round(delayMs(job) / 10) * 10
  const [unit, size] = UNITS.find(([, each]) => ms >= each) ?? ['ms', 1]
  return `in ${+(ms / size).toFixed(2)}${unit}, at ${job.at.toISOString()}`
}

/** A job as a line of a message. */
export function lineOf({ job, isStored }: Waiting, target: Target): string {
  const name = nameOf(target) === undefined ? `${job.class} ` : ''
  const due = job.at ? `, due ${dueText(job)}` : ''
  return `${name}${showArgs(job.args)} on '${job.queue}'${due}${isStored ? '' : ', not awaited yet'}`
}
