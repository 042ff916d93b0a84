import type { Exchanged, Settlement, Storage, StorageStats } from '../../../storage.ts'
import type { Call, Method, Outcome } from '../call.ts'
import { type Chronicle, short } from '../chronicle.ts'
import { must } from '../violation.ts'
import { type Census, EMPTY, takeCensus } from './census.ts'
import type { Claim, Presence } from './claim.ts'
import { entries } from './entries.ts'
import { Step } from './step.ts'

/**
 * What the store did, written down from the outside: its calls, its answers, and where each job lies after each of
 * them. Every change must be what the call was for, so nothing is lost, doubled, early or out of order unseen.
 */
export class Books {
  readonly #chronicle: Chronicle
  census: Census = EMPTY
  /** By `tokenOf`. */
  readonly claims: Map<string, Claim> = new Map()
  readonly workers: Map<string, Presence> = new Map()
  readonly paused: Set<string> = new Set()
  readonly locks: Map<string, { readonly owner: string; readonly endsAt: number }> = new Map()
  /** Every job that was ever stored, and how it ended; '' while it has not. */
  readonly jobs: Map<string, string> = new Map()
  /** Jobs that were stored and, at a restart, not durable. */
  readonly forgotten: Set<string> = new Set()
  /** Jobs that were ever cancelled while they ran: what their worker was told outlives a restart. */
  readonly cancelled: Set<string> = new Set()
  readonly pushes: Set<string> = new Set()
  readonly lanes: Map<string, { readonly request: number; readonly answer: Exchanged }> = new Map()
  /** All tokens ever given; also those given before the store went back in time. */
  readonly tokens: Set<string> = new Set()
  readonly tally: { processed: number; failed: number } = { processed: 0, failed: 0 }
  #counts = ''
  isReplaying = false
  /** How often each job was recovered since it was last done, as far as it counts. */
  readonly recoveries: Map<string, number> = new Map()
  /** Told of each job that a worker has settled as done. */
  onDone: ((jid: string) => void) | undefined
  /** Told of each settlement with which a worker ends a job that nobody has cancelled, and the job's text. */
  onEnd: ((settlement: Settlement, text: string) => void) | undefined
  /** Told of each job that the store gives back because its worker does not know of it. */
  onGivenBack: ((jid: string, process: string) => void) | undefined
  #before: ReadonlySet<string> = new Set()

  constructor(chronicle: Chronicle) {
    this.#chronicle = chronicle
  }

  /** Where a job is; undefined when it is nowhere. */
  whereIs(jid: string): string | undefined {
    const place = this.census.byJid.get(jid)?.place
    if (place !== undefined) return place
    for (const claim of this.claims.values()) if (claim.jid === jid) return `the keeping of ${claim.worker}`
    return this.jobs.get(jid) || undefined
  }

  /** Jobs that are not done, dead or gone. */
  live(): string[] {
    const waiting = [...this.census.byJid.values()].filter(({ place }) => place !== 'dead').map(({ jid }) => jid)
    return [...waiting, ...[...this.claims.values()].map(({ jid }) => jid)]
  }

  /** The store goes back in time: its calls come again, from the first. */
  startAgain(): void {
    this.#before = new Set(this.jobs.keys())
    this.clear()
    this.jobs.clear()
    this.census = EMPTY
    this.#counts = ''
    this.isReplaying = true
  }

  /** Nothing is stored any more. */
  clear(): void {
    for (const book of [this.claims, this.workers, this.paused, this.locks, this.pushes, this.lanes]) book.clear()
    this.recoveries.clear()
    this.tally.processed = 0
    this.tally.failed = 0
  }

  /** The store is where it was when its last durable call was done. */
  caughtUp(): void {
    this.isReplaying = false
    for (const jid of this.#before) if (!this.jobs.has(jid)) this.forgotten.add(jid)
    for (const jid of this.jobs.keys()) this.forgotten.delete(jid)
  }

  /** The job will not run again. */
  end(jid: string, how: string): void {
    this.jobs.set(jid, how)
    this.recoveries.delete(jid)
  }

  /** Writes down a call, and what it did. Throws a Violation when that does not add up. */
  async enter(storage: Storage, call: Call, outcome: Outcome): Promise<void> {
    const stats = await storage.stats(0)
    const counts = countsOf(stats)
    const isSame = counts === this.#counts && !changes(call, outcome)
    const census = isSame ? this.census : await takeCensus(storage)
    const step = new Step(this.census, census, call, stats.running)
    const told = 'answer' in outcome ? this.#explain(step, call, outcome.answer) : `: ${String(outcome.error)}`
    if (!this.isReplaying) this.#chronicle.tell(call.from, `${call.method}${told}`)
    if (!isSame) step.close()
    this.#counts = counts
    this.census = census
    this.#compare(stats)
  }

  #explain(step: Step, call: Call, answer: unknown): string {
    const explain = entries[call.method] as ((...args: unknown[]) => string) | undefined
    return explain?.(this, step, call.args, answer) ?? ''
  }

  #compare(stats: StorageStats): void {
    const { claims, tally } = this
    const held = () => [...claims.values()].map(({ jid }) => jid)
    must(
      stats.running === claims.size,
      () =>
        `the store keeps ${stats.running} claimed jobs; by the books there are ${claims.size}: ${held().map(short)}`,
      ...(stats.running === claims.size ? [] : held()),
    )
    must(
      stats.processed === tally.processed && stats.failed === tally.failed,
      () => `the store counts ${stats.processed} runs, ${stats.failed} failed; by the books ${JSON.stringify(tally)}`,
    )
  }
}

function countsOf({ enqueued, scheduled, retry, dead, running }: StorageStats): string {
  return `${enqueued} ${scheduled} ${retry} ${dead} ${running}`
}

const STILL: ReadonlySet<Method> = new Set(['signal', 'queues', 'workers', 'stats', 'page', 'scan', 'lock', 'unlock'])

/** Whether a call may have moved jobs although there are as many everywhere as before. */
function changes({ method }: Call, outcome: Outcome): boolean {
  if ('error' in outcome || STILL.has(method)) return false
  const { answer } = outcome
  if (method === 'exchange') return (answer as Exchanged).jobs.length > 0
  return method === 'move' || method === 'push' || method === 'retire'
}
