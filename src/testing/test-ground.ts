import { openStore } from '../../adapters/memory/memory-storage.ts'
import { Store } from '../../adapters/memory/store.ts'
import { type Context, contextOf, type Ground } from '../context.ts'
import type { Draft } from '../draft.ts'
import type { Exchange, Exchanged, Storage } from '../storage.ts'
import { VirtualClock } from './virtual-clock.ts'

export type TestMode = 'fake' | 'inline'

/** What an app stands on in a testing mode: a store in memory that can be read at once, and a time to travel in. */
export class TestGround implements Ground {
  readonly mode: TestMode
  readonly clock: VirtualClock
  readonly store: Store = new Store()
  /** The app's context, on this ground and no other: what began here ends here. */
  readonly context: Context
  readonly noWorker: string
  readonly #storage: Storage
  /** Pushes that are under way, by jid. A test that did not await them shall see them all the same. */
  readonly #pending = new Map<string, { readonly draft: Draft; readonly stored: Promise<unknown> }>()
  #nextTickAt: number | undefined
  #requests = 0
  #running = 0

  constructor(mode: TestMode, context: Context) {
    const { logger, dead } = context
    this.mode = mode
    this.clock = new VirtualClock(context.clock)
    this.noWorker = `the app is in ${mode} mode, where drain() performs jobs; start workers in disable(app, ...) only.`
    this.context = { ...context, ground: this, clock: this.clock }
    this.#storage = openStore(this.store, { clock: this.clock, logger, namespace: '', dead })
  }

  storage(): Storage {
    return this.#storage
  }

  /** Pushes of which nobody knows yet whether they will be stored. */
  get pending(): Draft[] {
    return [...this.#pending.values()].map(({ draft }) => draft)
  }

  /** True while a job is performed. */
  get isBusy(): boolean {
    return this.#running > 0
  }

  onPush<T>(drafts: readonly Draft[], stored: Promise<T>): Promise<T> {
    for (const draft of drafts) this.#pending.set(draft.jid, { draft, stored })
    return stored.finally(() => {
      for (const { jid } of drafts) this.#pending.delete(jid)
    })
  }

  async onStored({ jid }: Draft): Promise<void> {
    this.#pending.delete(jid)
  }

  /** Enqueues the periodic jobs that are due: here no worker does. */
  async tick(): Promise<void> {
    // `app.cron` may have come after this ground: the app's own context knows.
    this.#nextTickAt = await contextOf(this.context.app).periodic?.tick()
  }

  /** When the next periodic job ticks, as of the last `tick`. */
  get nextTickAt(): number | undefined {
    return this.#nextTickAt
  }

  /** Resolves when all pushes that were made are stored, or refused. */
  async landed(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled([...this.#pending.values()].map(({ stored }) => stored))
  }

  /** What a worker of this ground asks of the storage. Its lease never ends, whatever the time. */
  exchange(asked: Partial<Exchange>): Promise<Exchanged> {
    const worker = { worker: 'testing', leaseMs: Number.POSITIVE_INFINITY, lane: 'testing', request: ++this.#requests }
    return this.#storage.exchange({ ...worker, settlements: [], queues: [], limit: 0, ahead: 0, begun: [], ...asked })
  }

  /** Performs jobs in a time that stands still. */
  async perform<T>(body: () => Promise<T>): Promise<T> {
    this.#running++
    try {
      return await this.clock.hold(body)
    } finally {
      this.#running--
    }
  }
}
