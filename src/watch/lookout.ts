import type { Context } from '../context.ts'
import { hasCode } from '../errors.ts'
import { report } from '../report.ts'
import type { Storage } from '../storage.ts'
import { Service } from '../worker/service.ts'
import { countsOf, queueNamed } from './counts.ts'
import { SoughtJobs } from './sought-jobs.ts'
import { takeView, type View } from './view.ts'
import { checkWatch, type Watchable } from './watchable.ts'
import { Watcher } from './watcher.ts'

/** Looks come no closer than this, however much changes. */
const GAP_MS = 100

/** How often to look where the storage cannot tell that something changed. */
const POLL_MS = 1_000

/** How often to look although the storage would have told: what only time changes it does not tell. */
const SAFETY_POLL_MS = 5_000

/** Events of this app's own workers after which a job is nowhere. */
const ENDINGS = ['job:completed', 'job:discarded', 'job:cancelled'] as const

/** Looks at the storage for all who watch: one look for all of them, and none while nobody does. */
export class Lookout {
  readonly #context: Context
  readonly #watchers = new Set<Watcher>()
  readonly #jobs: SoughtJobs
  /** Runs while somebody watches. */
  #service: Service | undefined
  /** The storage that is listened to. */
  #storage: Storage | undefined
  #endings: (() => void)[] = []
  #lookedAt = Number.NEGATIVE_INFINITY
  #isFailing = false

  constructor(context: Context) {
    this.#context = context
    this.#jobs = new SoughtJobs(context.known)
  }

  /** For `app.watch()`. Answers what ends it. */
  watch(what: Watchable, onChange: (state: never) => unknown): () => void {
    checkWatch(what, onChange)
    const watcher = new Watcher(what, onChange, (thrown) => {
      report(this.#context, thrown, 'a callback of app.watch() threw')
    })
    this.#watchers.add(watcher)
    if (this.#service) this.#service.wake()
    else this.#begin()
    return () => this.#end(watcher)
  }

  /** Ends all watches. */
  close(): void {
    for (const watcher of this.#watchers) this.#end(watcher)
  }

  #end(watcher: Watcher): void {
    watcher.end()
    if (this.#watchers.delete(watcher) && this.#watchers.size === 0) this.#rest()
  }

  #begin(): void {
    const { clock, events } = this.#context
    this.#endings = ENDINGS.map((name) => events.on(name, ({ jid }) => this.#finish([jid])))
    this.#service = new Service(
      clock,
      () => this.#look(),
      (error) => this.#failed(error),
    )
    this.#service.start()
  }

  #rest(): void {
    this.#service?.stop()
    this.#service = undefined
    this.#storage = undefined
    for (const end of this.#endings.splice(0)) end()
    this.#jobs.keep(new Set())
  }

  /** One look. Answers in how many milliseconds the next is wanted if nothing is told before; undefined: not at all. */
  async #look(): Promise<number | undefined> {
    await this.#gap()
    this.#jobs.keep(new Set([...this.#watchers].flatMap(({ what }) => what.jid ?? [])))
    this.#tellOfJobs()
    if (this.#isOver) return undefined
    const storage = await this.#context.storage()
    this.#listenTo(storage)
    const view = await takeView(storage, this.#jobs.size > 0)
    const isUnsure = await this.#jobs.look(storage, view, this.#context.clock.monotonic())
    this.#isFailing = false
    this.#tellOfJobs()
    this.#tellOfQueues(view)
    if (isUnsure) return GAP_MS
    return storage.watch ? SAFETY_POLL_MS : POLL_MS
  }

  async #gap(): Promise<void> {
    const { clock } = this.#context
    const leftMs = this.#lookedAt + GAP_MS - clock.monotonic()
    if (leftMs > 0) await new Promise<void>((resolve) => clock.after(leftMs, resolve))
    this.#lookedAt = clock.monotonic()
  }

  /** True when nothing is left to look for: a job that is done stays so. */
  get #isOver(): boolean {
    return [...this.#watchers].every(({ what }) => what.jid !== undefined && this.#jobs.isDone(what.jid))
  }

  /** Before the look: what changes during it wants another. Tests put another storage under an app for a while. */
  #listenTo(storage: Storage): void {
    if (storage === this.#storage) return
    const end = storage.watch?.((finished) => {
      this.#finish(finished)
      this.#service?.wake()
    })
    if (end) this.#endings.push(end)
    this.#storage = storage
  }

  #finish(jids: readonly string[]): void {
    for (const jid of jids) this.#jobs.finish(jid)
    if (jids.length > 0) this.#tellOfJobs()
  }

  #tellOfJobs(): void {
    for (const watcher of this.#watchers) {
      const state = watcher.what.jid === undefined ? undefined : this.#jobs.stateOf(watcher.what.jid)
      if (state) watcher.tell(state)
    }
  }

  #tellOfQueues({ stats, queues }: View): void {
    for (const watcher of this.#watchers) {
      const { jid, queue } = watcher.what
      if (jid === undefined) watcher.tell(queue === undefined ? countsOf(stats, queues) : queueNamed(queue, queues))
    }
  }

  /** A storage that is away is waited for; `app.work()` tells of it. */
  #failed(error: unknown): void {
    const isAway = hasCode(error, 'ERR_STORAGE_UNAVAILABLE') || hasCode(error, 'ERR_CLOSED')
    if (!isAway && !this.#isFailing)
      report(this.#context, error, 'app.watch() could not look at the storage; it tries on')
    this.#isFailing = true
  }
}
