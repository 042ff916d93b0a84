import type { Context } from '../context.ts'
import { aBoolean, checkOptions, type Rules, rule, wholeNumber } from '../options.ts'
import type { Move, Place, ScanRequest } from '../storage.ts'
import { StoredJob } from './stored-job.ts'

export interface PageOptions {
  /** Rows to pass over. Default 0. */
  readonly offset?: number
  /** Default 25, at most 1,000. */
  readonly limit?: number
  /** From the other end. Default false. */
  readonly reverse?: boolean
}

const PAGE_OPTIONS: Rules = {
  offset: wholeNumber(0),
  limit: wholeNumber(1, 1_000),
  reverse: aBoolean,
}

export interface SearchOptions {
  /** Only jobs whose stored text contains this. */
  readonly text?: string | undefined
  /** Only the job with this jid. */
  readonly jid?: string | undefined
  /** How many jobs to look at. Default 500, at most 1,000. */
  readonly limit?: number
  /** Where an earlier search ended. */
  readonly cursor?: string | undefined
}

const anyString = rule('a string', (value) => typeof value === 'string')

const SEARCH_OPTIONS: Rules = { text: anyString, jid: anyString, limit: wholeNumber(1, 1_000), cursor: anyString }

/** Rows looked at in one call of the storage. */
const BATCH = 500

/** What queues and sets have in common: jobs that can be looked at, found and deleted. */
export class StoredJobs {
  protected readonly context: Context
  protected readonly place: Place

  constructor(context: Context, place: Place) {
    this.context = context
    this.place = place
  }

  async size(): Promise<number> {
    const storage = await this.context.storage()
    return (await storage.page(this.place, { offset: 0, limit: 1 })).total
  }

  /** Some of the jobs, in order: what comes next first, or (dead) what died first. */
  async page(options: PageOptions = {}): Promise<{ jobs: StoredJob[]; total: number }> {
    checkOptions('page()', options, PAGE_OPTIONS)
    const storage = await this.context.storage()
    const { offset = 0, limit = 25, reverse = false } = options
    const { rows, total } = await storage.page(this.place, { offset, limit, reverse })
    return { jobs: rows.map((row) => new StoredJob(row)), total }
  }

  /**
   * Every job whose stored text contains `text`; all of them without one. Safe while jobs come and go: one that stays
   * is seen. Reads on as you go through it, so that you may stop at any time.
   */
  async *scan(text?: string): AsyncGenerator<StoredJob, void, void> {
    for await (const rows of this.#batches({ match: text })) yield* rows
  }

  /**
   * One step of a scan, for whoever may look at only so many: looks at up to `limit` jobs, and answers those that fit.
   * The `cursor` leads to the next step; without one that was the end. A step may find nothing and go on all the same.
   */
  async search(options: SearchOptions = {}): Promise<{ jobs: StoredJob[]; cursor: string | undefined }> {
    checkOptions('search()', options, SEARCH_OPTIONS)
    const { text, jid, limit = BATCH, cursor } = options
    const storage = await this.context.storage()
    const found = await storage.scan(this.place, { match: text, jid, limit, cursor })
    return { jobs: found.rows.map((row) => new StoredJob(row)), cursor: found.cursor }
  }

  /** The job with this jid, if it is here. Looks at one after the other. */
  async find(jid: string): Promise<StoredJob | undefined> {
    for await (const [job] of this.#batches({ jid })) if (job) return job
    return undefined
  }

  /** Deletes a job, by jid or as found; false when it is not here any more. */
  async delete(job: StoredJob | string): Promise<boolean> {
    const found = await this.#resolve(job)
    if (!found) return false
    const storage = await this.context.storage()
    return (await storage.remove(this.place, [found.key])) === 1
  }

  /** Deletes these jobs, each if it is still here; answers how many were. */
  async deleteMany(jobs: readonly StoredJob[]): Promise<number> {
    const storage = await this.context.storage()
    return storage.remove(
      this.place,
      jobs.map(({ key }) => key),
    )
  }

  /** Deletes all; answers how many. */
  async clear(): Promise<number> {
    return (await this.context.storage()).clear(this.place)
  }

  /** Moves one job, and answers it; undefined when it is not here any more. */
  protected async moveOne(job: StoredJob | string, moveOf: (job: StoredJob) => Move): Promise<StoredJob | undefined> {
    const found = await this.#resolve(job)
    if (!found) return undefined
    const storage = await this.context.storage()
    const [isMoved] = await storage.move(this.place, [moveOf(found)])
    return isMoved ? found : undefined
  }

  /** Moves these jobs, each if it is still here; answers how many were. */
  protected async moveMany(jobs: readonly StoredJob[], moveOf: (job: StoredJob) => Move): Promise<number> {
    const storage = await this.context.storage()
    return (await storage.move(this.place, jobs.map(moveOf))).filter(Boolean).length
  }

  /** Moves every job that is here now, some at a time; answers how many. Those that come back meanwhile stay. */
  protected async moveAll(moveOf: (job: StoredJob) => Move): Promise<number> {
    const storage = await this.context.storage()
    let left = await this.size()
    let moved = 0
    for await (const jobs of this.#batches({})) {
      const answers = await storage.move(this.place, jobs.map(moveOf))
      moved += answers.filter(Boolean).length
      left -= jobs.length
      if (left <= 0) break
    }
    return moved
  }

  async *#batches(which: Pick<ScanRequest, 'match' | 'jid'>): AsyncGenerator<StoredJob[], void, void> {
    const storage = await this.context.storage()
    let cursor: string | undefined
    do {
      const scan = await storage.scan(this.place, { ...which, limit: BATCH, cursor })
      yield scan.rows.map((row) => new StoredJob(row))
      cursor = scan.cursor
    } while (cursor !== undefined)
  }

  async #resolve(job: StoredJob | string): Promise<StoredJob | undefined> {
    return typeof job === 'string' ? this.find(job) : job
  }
}
