import type { Context } from '../context.ts'
import type { StoredJob } from '../inspect/stored-job.ts'
import { instantMs } from '../payload.ts'
import { report } from '../report.ts'
import { type Filter, fits, textToMatch } from './filter.ts'
import { actOn, type JobAction } from './job-actions.ts'
import type { ShownPlace } from './place.ts'
import type { Redact } from './redact.ts'

/** What is to be done to all jobs of a place that match. */
export interface BulkOrder {
  readonly place: ShownPlace
  readonly action: JobAction
  readonly filter: Filter
  readonly redact: Redact
  /** How many jobs the place held when it began: what the progress is measured by. */
  readonly total: number
}

/** How far a bulk action has come. */
export interface Bulk extends BulkOrder {
  readonly id: string
  readonly startedAt: number
  state: 'running' | 'over' | 'stopped' | 'failed'
  /** About how many were looked at. */
  looked: number
  /** How many it was done to. */
  changed: number
}

/** Jobs to a step: enough to be quick, and few enough that others have their turn between. */
const STEP = 500

/** Ended ones that are remembered, for whoever still looks at their page. */
const MOST_KEPT = 20

/** The bulk actions of one dashboard. One at a time for each place: a second click is led to the first. */
export class Bulks {
  readonly #context: Context
  readonly #bulks = new Map<string, Bulk>()

  constructor(context: Context) {
    this.#context = context
  }

  find(id: string): Bulk | undefined {
    return this.#bulks.get(id)
  }

  /**
   * Begins, and answers at once; `over` resolves when it ends, however it ends. Without `over` the bulk action is another
   * one that was begun before and goes through that place still.
   */
  start(order: BulkOrder): { readonly bulk: Bulk; readonly over?: Promise<void> } {
    const running = [...this.#bulks.values()].find(({ place, state }) => {
      return place.path === order.place.path && state === 'running'
    })
    if (running) return { bulk: running }
    const { clock } = this.#context
    const bulk: Bulk = { ...order, id: clock.id(), startedAt: clock.now(), state: 'running', looked: 0, changed: 0 }
    this.#bulks.set(bulk.id, bulk)
    this.#forgetOld()
    return { bulk, over: this.#run(bulk) }
  }

  stop(bulk: Bulk): void {
    if (bulk.state === 'running') bulk.state = 'stopped'
  }

  async #run(bulk: Bulk): Promise<void> {
    try {
      let cursor: string | undefined
      do {
        cursor = await this.#step(bulk, cursor)
        await new Promise<void>((resolve) => this.#context.clock.breathe(resolve))
      } while (cursor !== undefined && bulk.state === 'running')
      if (bulk.state === 'running') bulk.state = 'over'
    } catch (error) {
      bulk.state = 'failed'
      report(this.#context, error, `the dashboard could not ${bulk.action} all of ${bulk.place.path}`)
    }
  }

  async #step(bulk: Bulk, from: string | undefined): Promise<string | undefined> {
    const { place, action, filter, redact, startedAt } = bulk
    const { jobs, cursor } = await place.jobs.search({ text: textToMatch(filter), limit: STEP, cursor: from })
    // One that was done and is back already is left alone: this must end, and nobody asked for it twice.
    const asked = jobs.filter((job) => enteredAt(job) <= startedAt + STAMPED_LATER_MS && fits(job, filter, redact))
    bulk.changed += await actOn(place, action, asked)
    bulk.looked = Math.min(bulk.looked + STEP, bulk.total)
    return cursor
  }

  #forgetOld(): void {
    const ended = [...this.#bulks.values()].filter(({ state }) => state !== 'running')
    for (const { id } of ended.slice(0, Math.max(0, ended.length - MOST_KEPT))) this.#bulks.delete(id)
  }
}

/** A whole second is stored as one millisecond later: see `toSeconds`. */
const STAMPED_LATER_MS = 1

/** When a job came to where it is, as far as its payload tells. */
function enteredAt({ payload }: StoredJob): number {
  const instants = [payload?.created_at, payload?.enqueued_at, payload?.failed_at, payload?.retried_at]
  return Math.max(0, ...instants.map((at) => instantMs(at) ?? 0))
}
