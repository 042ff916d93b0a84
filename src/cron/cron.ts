import type { Context } from '../context.ts'
import { OptionError } from '../errors.ts'
import { check, describe, nearest, wholeNumber } from '../options.ts'
import type { Storage } from '../storage.ts'
import { changeEntries, DYNAMIC, readBook, type StoredEntry } from './book.ts'
import { enqueueNow } from './enqueue.ts'
import { type CronEntry, define } from './entry.ts'
import type { Periodic } from './periodic.ts'
import { fresh, revised, turned } from './reconcile.ts'
import { nextTick, nextTicks, type Timing } from './schedule.ts'

/** A periodic job, as it is stored now. */
export interface CronState {
  readonly name: string
  readonly cron: string
  readonly timezone: string
  readonly description: string | undefined
  /** The job's name. */
  readonly class: string
  readonly args: readonly unknown[]
  readonly queue: string
  readonly missed: 'once' | 'all' | 'skip'
  readonly overlap: 'allow' | 'skip'
  /** Whose list it is on: 'app', or what `app.cron` was told; 'dynamic' for one made by `set`. */
  readonly source: string
  readonly enabled: boolean
  readonly paused: boolean
  /** The last tick that led to a job, and that job's jid. */
  readonly lastAt: Date | undefined
  readonly lastJid: string | undefined
  /** Undefined while it is paused or not enabled, and where `cron` cannot be read. */
  readonly nextAt: Date | undefined
  /** Ticks that led to no job because of an overlap, a unique lock or a client middleware. */
  readonly skippedCount: number
  /** Ticks that led to no job because no worker was there in time; of each absence a hundred are counted at most. */
  readonly missedCount: number
}

/** The periodic jobs that are stored, whoever made them: what `await app.cron()` answers. */
export class Cron {
  readonly #context: Context
  readonly #periodic: Periodic

  constructor(context: Context, periodic: Periodic) {
    this.#context = context
    this.#periodic = periodic
  }

  /** All of them, by name. */
  async list(): Promise<CronState[]> {
    const { entries } = await readBook(await this.#storage())
    return entries.map((entry) => this.#stateOf(entry)).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** One of them, if it is there. */
  async get(name: string): Promise<CronState | undefined> {
    return (await this.list()).find((state) => state.name === name)
  }

  /**
   * Makes an entry at run time, or changes it. It is on no list, and stays until it is removed. Rejects with OptionError
   * for what is no entry, and for a name that is on a list.
   */
  async set<Args extends unknown[]>(name: string, entry: CronEntry<Args>): Promise<CronState> {
    const now = this.#context.clock.now()
    const definition = define(name, entry as CronEntry, now)
    const entries = await this.#change((stored) => {
      const known = stored.find((each) => each.definition.name === name)
      if (!known) return [...stored, fresh(definition, DYNAMIC, now)]
      if (known.source !== DYNAMIC) {
        throw new OptionError(`cron.set(): '${name}' is on the list of source '${known.source}': change it there.`)
      }
      return replaced(stored, known, revised(known, definition, now))
    })
    return this.#stateOf(found('set', entries, name))
  }

  /** Stops its ticks until `resume`, over every deploy. Rejects with OptionError for an unknown name. */
  async pause(name: string): Promise<void> {
    await this.#changeOne('pause', name, (entry) => (entry.paused ? entry : { ...entry, paused: true }))
  }

  /** Lets it tick again, from the next tick on: those of its pause are not made up for. */
  async resume(name: string): Promise<void> {
    const now = this.#context.clock.now()
    await this.#changeOne('resume', name, (entry) => (entry.paused ? { ...turned(entry, now), paused: false } : entry))
  }

  /**
   * Enqueues its job now, also when it is paused. Changes nothing of its ticks. Answers the jid, or null when a
   * middleware stopped the job or its unique lock is held.
   */
  async run(name: string): Promise<string | null> {
    const { entries } = await readBook(await this.#storage())
    return enqueueNow(this.#context, found('run', entries, name).definition)
  }

  /** Its next `n` ticks, whether it is paused or not. */
  async next(name: string, n = 1): Promise<Date[]> {
    check('cron.next(): n', n, wholeNumber(1, 1_000))
    const { entries } = await readBook(await this.#storage())
    const { definition, after } = found('next', entries, name)
    const from = Math.max(after, this.#context.clock.now())
    return nextTicks(definition, n, from).map((at) => new Date(at))
  }

  /** Removes it. One that is on a list comes back when a worker starts. False when there is none. */
  async remove(name: string): Promise<boolean> {
    let isThere = false
    await this.#change((stored) => {
      const kept = stored.filter(({ definition }) => definition.name !== name)
      isThere = kept.length < stored.length
      return isThere ? kept : stored
    })
    return isThere
  }

  /** In a testing mode no worker will bring the lists in. */
  async #storage(): Promise<Storage> {
    if (this.#context.ground.noWorker) await this.#periodic.bringIn()
    return this.#context.storage()
  }

  async #change(change: Parameters<typeof changeEntries>[1]): Promise<readonly StoredEntry[]> {
    const entries = await changeEntries(await this.#storage(), change)
    this.#periodic.wake()
    return entries
  }

  async #changeOne(call: string, name: string, change: (entry: StoredEntry) => StoredEntry): Promise<void> {
    await this.#change((stored) => {
      const entry = found(call, stored, name)
      return replaced(stored, entry, change(entry))
    })
  }

  #stateOf({ definition, source, paused, after, owed, last, skipped, missed }: StoredEntry): CronState {
    const { name, cron, timezone, description, payload, enabled } = definition
    const next = paused || !enabled ? undefined : (owed[0] ?? nextOf(definition, after))
    return {
      name,
      cron,
      timezone,
      description,
      class: payload.class,
      args: payload.args,
      queue: payload.queue ?? 'default',
      missed: definition.missed,
      overlap: definition.overlap,
      source,
      enabled,
      paused,
      lastAt: last && new Date(last.at),
      lastJid: last?.jid,
      nextAt: next === undefined ? undefined : new Date(next),
      skippedCount: skipped,
      missedCount: missed,
    }
  }
}

/** Others may have stored what nobody can read here: it is shown all the same. */
function nextOf(timing: Timing, after: number): number | undefined {
  try {
    return nextTick(timing, after)
  } catch {
    return undefined
  }
}

function replaced(entries: readonly StoredEntry[], before: StoredEntry, after: StoredEntry): readonly StoredEntry[] {
  return before === after ? entries : entries.map((entry) => (entry === before ? after : entry))
}

function found(call: string, entries: readonly StoredEntry[], name: string): StoredEntry {
  const entry = entries.find(({ definition }) => definition.name === name)
  if (entry) return entry
  const names = entries.map(({ definition }) => definition.name)
  const near = nearest(String(name), names)
  const hint = near ? `did you mean '${near}'?` : `there are ${names.length}: see cron.list().`
  throw new OptionError(`cron.${call}(): no periodic job ${describe(name)} is stored; ${hint}`)
}
