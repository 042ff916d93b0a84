import { doneJob, type WatchedJob } from './watched-job.ts'

/**
 * For how long a job that is found nowhere may be in the keeping of a worker that does not show it: one that died, until
 * the others judge.
 */
const PATIENCE_MS = 10_000

/** What is known beside the fact that a job was found nowhere. */
export interface Absence {
  /** On a clock that never goes back. */
  readonly now: number
  /** This app enqueued it, or saw it finished. */
  readonly isKnown: boolean
  /** Workers keep more jobs than they show: jobs read ahead, and those of a worker that is gone. */
  readonly isAnyHidden: boolean
  /** Somebody lives who recovers the jobs of those who are gone. */
  readonly isAnyoneAlive: boolean
  /** When each worker said what it performs, where that is not known at once: it may have claimed the job since. */
  readonly beats: ReadonlyMap<string, number>
}

/** A job that somebody watches: what was seen of it, and what that means. */
export class SoughtJob {
  readonly jid: string
  #state: WatchedJob | undefined
  #misses = 0
  #missedSince = 0
  #missedAfter: Absence['beats'] = new Map()

  constructor(jid: string) {
    this.jid = jid
  }

  /** Undefined until something can be said. */
  get state(): WatchedJob | undefined {
    return this.#state
  }

  get isDone(): boolean {
    return this.#state?.state === 'done'
  }

  /** True after the first miss, which proves nothing: the job may have moved to where the look had been already. */
  get isToBeConfirmed(): boolean {
    return this.#misses === 1 && !this.isDone
  }

  found(state: WatchedJob): void {
    this.#misses = 0
    if (!this.isDone) this.#state = state
  }

  /** Found nowhere, in a look at all places. */
  missed({ now, isKnown, isAnyHidden, isAnyoneAlive, beats }: Absence): void {
    if (this.isDone) return
    if (this.#misses++ === 0) {
      this.#missedSince = now
      this.#missedAfter = beats
      return
    }
    const wasSeen = isKnown || (this.#state !== undefined && this.#state.state !== 'unknown')
    const isAnySilent = [...this.#missedAfter].some(([worker, at]) => beats.get(worker) === at)
    const mayBeKept = isAnyHidden && (!isAnyoneAlive || now < this.#missedSince + PATIENCE_MS)
    if (!wasSeen) this.#state = { jid: this.jid, state: 'unknown' }
    else if (isAnySilent || mayBeKept) this.#state ??= { jid: this.jid, state: 'waiting' }
    else this.finish()
  }

  /** It may wait behind more jobs than one look goes through. */
  outOfReach(isKnown: boolean): void {
    this.#state ??= { jid: this.jid, state: isKnown ? 'waiting' : 'unknown' }
  }

  finish(): void {
    if (!this.isDone) this.#state = doneJob(this.jid, this.#state)
  }
}
