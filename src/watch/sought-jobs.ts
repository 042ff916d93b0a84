import type { KnownJids } from '../known-jids.ts'
import type { Storage } from '../storage.ts'
import { Allowance, search } from './search.ts'
import { SoughtJob } from './sought-job.ts'
import { beatsOf, isAnyHidden, placesWithJobs, type View } from './view.ts'
import { runningJobs, type WatchedJob } from './watched-job.ts'

/** The jobs that somebody watches, and how each look goes after them. */
export class SoughtJobs {
  readonly #known: KnownJids
  /** In the order in which they are looked for: whoever was, stands at the back. */
  readonly #jobs = new Map<string, SoughtJob>()

  constructor(known: KnownJids) {
    this.#known = known
  }

  get size(): number {
    return this.#jobs.size
  }

  isDone(jid: string): boolean {
    return this.#jobs.get(jid)?.isDone === true
  }

  /** What can be said of a job; undefined before the first look. */
  stateOf(jid: string): WatchedJob | undefined {
    return this.#jobs.get(jid)?.state
  }

  /** These are watched now, and no others. */
  keep(jids: ReadonlySet<string>): void {
    for (const jid of this.#jobs.keys()) if (!jids.has(jid)) this.#jobs.delete(jid)
    for (const jid of jids) if (!this.#jobs.has(jid)) this.#jobs.set(jid, new SoughtJob(jid))
  }

  /** Somebody told that a job is done. */
  finish(jid: string): void {
    this.#known.add(jid)
    this.#jobs.get(jid)?.finish()
  }

  /** Looks for all of them, as far as the allowance goes. True when one should be looked for again soon. */
  async look(storage: Storage, view: View, now: number): Promise<boolean> {
    const running = runningJobs(view.workers.flatMap((worker) => worker.running))
    const places = placesWithJobs(view)
    const isAnyoneAlive = view.stats.workers > 0
    const absence = { now, isAnyHidden: isAnyHidden(view), isAnyoneAlive, beats: beatsOf(view) }
    const allowance = new Allowance()
    const sought = [...this.#jobs.values()].filter(({ isDone }) => !isDone)
    for (const job of sought) {
      if (allowance.isSpent) break
      const run = running.get(job.jid)
      const found = run && view.isCurrent ? run : await search(storage, job.jid, places, allowance)
      const isKnown = this.#known.has(job.jid)
      if (typeof found === 'object') job.found(found)
      else if (run) job.found(run)
      else if (found === 'nowhere') job.missed({ ...absence, isKnown })
      else job.outOfReach(isKnown)
      this.#toTheBack(job)
    }
    return sought.some(({ state, isToBeConfirmed }) => !state || isToBeConfirmed)
  }

  #toTheBack(job: SoughtJob): void {
    if (this.#jobs.delete(job.jid)) this.#jobs.set(job.jid, job)
  }
}
