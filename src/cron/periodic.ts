import type { Context } from '../context.ts'
import { hasCode, OptionError } from '../errors.ts'
import { report } from '../report.ts'
import type { Storage } from '../storage.ts'
import { Service } from '../worker/service.ts'
import { changeEntries } from './book.ts'
import type { Definition } from './entry.ts'
import { type Reconciliation, reconcile } from './reconcile.ts'
import { tick } from './ticker.ts'

/** Nobody is told that another process changed an entry: so long it may take until it is noticed. */
const LOOK_EVERY_MS = 60_000

/**
 * The periodic jobs of one app: its lists, and the service that ticks while one of its workers runs. Made by the first
 * `app.cron`; nobody else pays for it.
 */
export class Periodic {
  readonly #context: Context
  readonly #owner: string
  readonly #lists = new Map<string, ReadonlyMap<string, Definition>>()
  /** Where the lists have been brought in. */
  #reconciled = new WeakSet<Storage>()
  #service: Service | undefined
  #resting: Promise<unknown> = Promise.resolve()

  constructor(context: Context) {
    this.#context = context
    this.#owner = context.clock.id()
    for (const event of ['worker:started', 'worker:quiet'] as const) context.events.on(event, () => this.#attend(event))
    this.#attend('worker:quiet')
  }

  /** Takes a list of a source in place of the one before. Throws OptionError when another source has one of the names. */
  list(source: string, definitions: readonly Definition[]): void {
    for (const [other, list] of this.#lists) {
      const double = other === source ? undefined : definitions.find(({ name }) => list.has(name))
      if (double) throw new OptionError(`app.cron(): '${double.name}' is on the list of source '${other}' already.`)
    }
    this.#lists.set(source, new Map(definitions.map((definition) => [definition.name, definition])))
    this.#reconciled = new WeakSet()
    this.wake()
  }

  /** Something may be due sooner than it was thought, or the clock leapt. */
  wake(): void {
    this.#service?.wake()
  }

  /** Resolves when a service that is to end has ended. */
  async rest(): Promise<void> {
    await this.#resting
  }

  /** Brings the lists in, where that is not done yet, and enqueues what is due. Answers when to do so again. */
  async tick(): Promise<number | undefined> {
    await this.bringIn()
    return tick(this.#context, this.#owner)
  }

  /** Makes what is stored follow the lists, once. */
  async bringIn(): Promise<void> {
    const storage = await this.#context.storage()
    if (this.#reconciled.has(storage)) return
    for (const [source, list] of this.#lists) await this.#reconcile(storage, source, list)
    this.#reconciled.add(storage)
  }

  async #reconcile(storage: Storage, source: string, list: ReadonlyMap<string, Definition>): Promise<void> {
    const { clock, logger } = this.#context
    let done: Reconciliation | undefined
    await changeEntries(storage, (stored) => {
      done = reconcile(stored, source, list, clock.now())
      return done.entries
    })
    for (const entry of done?.removed ?? []) {
      logger.info({ entry, source }, 'a periodic job was removed: app.cron() does not list it any more')
    }
    for (const { definition, source: owner } of done?.taken ?? []) {
      const fields = { entry: definition.name, source, owner }
      logger.error(fields, 'a periodic job has the name of one of another source, and was left out')
    }
  }

  /** Ticks while a worker claims. Whoever starts brings the lists in anew. */
  #attend(event: 'worker:started' | 'worker:quiet'): void {
    const { workers, clock } = this.#context
    if (event === 'worker:started') this.#reconciled = new WeakSet()
    const isWanted = [...workers].some((worker) => worker.health().status === 'running')
    if (isWanted && this.#service) this.wake()
    else if (isWanted) {
      this.#service = new Service(
        clock,
        () => this.#round(),
        (error) => this.#failed(error),
      )
      this.#service.start()
    } else {
      this.#resting = Promise.all([this.#resting, this.#service?.stop()])
      this.#service = undefined
    }
  }

  async #round(): Promise<number> {
    const at = (await this.tick()) ?? Number.POSITIVE_INFINITY
    return Math.min(LOOK_EVERY_MS, Math.max(0, at - this.#context.clock.now()))
  }

  /** The worker tells that the storage is away. */
  #failed(error: unknown): void {
    if (hasCode(error, 'ERR_STORAGE_UNAVAILABLE') || hasCode(error, 'ERR_CLOSED')) return
    report(this.#context, error, 'periodic jobs could not be enqueued; they are tried again')
  }
}
