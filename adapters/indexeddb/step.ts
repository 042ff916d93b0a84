import { type IDBPObjectStore, unwrap } from 'idb'
import type { Clock } from '../../src/clock.ts'
import type { Wake } from '../../src/storage.ts'
import type { KnownPlace, MetaRow, Schema, StoreName, Transaction } from './schema.ts'

const DAY_MS = 86_400_000

/** Five years, as Sidekiq keeps them. */
const DAYS_KEPT = 5 * 366

/** What is known of a place that nobody has heard of. */
export const EMPTY: Pick<KnownPlace, 'size' | 'front' | 'head'> = { size: 0, front: 0, head: Number.POSITIVE_INFINITY }

/**
 * What one call does, all of it in one transaction over all stores. Such transactions run one after the other, whoever
 * began them, so each call is one step; nothing in this folder has another reason for being atomic.
 *
 * Whoever works in a step may wait for its reads, and for nothing else in the world: a transaction without a request
 * under way commits, half done as it is. Writes are not waited for. If one fails, the transaction fails.
 */
export class Step {
  /** What happened, to be told once it has: others must not look before. */
  readonly wakes: Set<Wake> = new Set()
  /** The jids of jobs that went nowhere, while somebody watches. */
  readonly finished: string[] = []
  /**
   * Resolves when it is the transaction's turn. What a step has to know first, it asks for in the same breath: each
   * answer that is waited for before the next question costs a tenth of the call.
   */
  readonly begun: Promise<void>
  readonly #transaction: Transaction
  /** Those that nobody knew before. */
  readonly #places = new Map<string, KnownPlace>()
  #meta: MetaRow | undefined
  #now = Number.NaN
  #isCounted = false
  #isAwaited = false
  #hasWritten = false

  constructor(transaction: Transaction, clock: Clock) {
    this.#transaction = transaction
    this.begun = this.from('meta')
      .get('meta')
      .then((meta) => {
        this.#meta = meta
        this.#now = clock.now()
      })
  }

  /** Known once anything that was asked for has been answered. */
  get meta(): MetaRow {
    if (this.#meta) return this.#meta
    throw new Error('The step has not begun: wait for one of its reads first.')
  }

  get now(): number {
    return this.meta && this.#now
  }

  /** The store, for reading. */
  from<S extends StoreName>(store: S): IDBPObjectStore<Schema, StoreName[], S, 'readwrite'> {
    return this.#transaction.objectStore(store)
  }

  put<S extends StoreName>(store: S, row: Schema[S]['value']): void {
    this.#raw(store).put(row)
  }

  delete<S extends StoreName>(store: S, key: Schema[S]['key'] | IDBKeyRange): void {
    this.#raw(store).delete(key)
  }

  clear(store: StoreName): void {
    this.#raw(store).clear()
  }

  /** What is known of a place. Tell with `changed` when you have changed it. */
  place(name: string): KnownPlace {
    const known = this.meta.places.get(name) ?? this.#places.get(name) ?? { place: name, ...EMPTY, paused: false }
    this.#places.set(name, known)
    return known
  }

  changed(place: KnownPlace): void {
    this.remember((meta) => meta.places.set(place.place, place))
  }

  forget(place: KnownPlace): void {
    this.remember((meta) => meta.places.delete(place.place))
    this.#places.delete(place.place)
  }

  /**
   * The first of so many new numbers, above all that were given before. Never behind the clock in microseconds: a
   * database that the browser deleted begins anew, and a worker of before must not find its old tokens given to others.
   */
  next(count = 1): number {
    const first = Math.max(this.meta.seq + 1, Math.floor(this.now * 1_000))
    this.meta.seq = first + count - 1
    this.#isCounted = true
    return first
  }

  /** Counts a run in the statistics. */
  count(result: 'ok' | 'failed'): void {
    const day = Math.floor(this.now / DAY_MS)
    if (this.meta.today.day !== day) this.#beginDay(day)
    for (const totals of [this.meta, this.meta.today]) {
      totals.processed++
      if (result === 'failed') totals.failed++
    }
    this.#isCounted = true
  }

  /** Has the record of all records written when the step ends. */
  remember(change: (meta: MetaRow) => unknown): void {
    change(this.meta)
    this.#isCounted = true
  }

  /** True while somebody watches, in whichever context: then jobs that finish are to be told of. */
  get isWatched(): boolean {
    return (this.meta.watchedUntil ?? 0) > this.now
  }

  /** True when it wrote something that an inspection would show. */
  get hasWritten(): boolean {
    return this.#hasWritten
  }

  note(wake: Wake): void {
    this.wakes.add(wake)
  }

  /** What of it other contexts are to hear. That jobs came, only if somebody waits: a message costs half a push. */
  get news(): readonly Wake[] {
    return [...this.wakes].filter((wake) => wake !== 'claimable' || this.#isAwaited)
  }

  /** Writes what was changed on the way. */
  end(): void {
    this.#isAwaited = this.wakes.has('claimable') && this.meta.isHungry
    if (this.#isAwaited) this.remember((meta) => Object.assign(meta, { isHungry: false }))
    if (this.#isCounted) this.put('meta', this.meta)
  }

  #beginDay(day: number): void {
    if (this.meta.today.day > 0) this.put('days', this.meta.today)
    this.delete('days', IDBKeyRange.upperBound(day - DAYS_KEPT))
    this.meta.today = { day, processed: 0, failed: 0 }
  }

  /** Past the promise that idb makes of each request: 1,000 puts take an eighth longer with it. */
  #raw(store: StoreName): IDBObjectStore {
    if (store !== 'kept') this.#hasWritten = true
    return unwrap(this.#transaction.objectStore(store))
  }
}

export function newMeta(epoch: string): MetaRow {
  return {
    key: 'meta',
    epoch,
    seq: 0,
    places: new Map(),
    dueAt: Number.POSITIVE_INFINITY,
    processed: 0,
    failed: 0,
    today: { day: 0, processed: 0, failed: 0 },
    recoveredUntil: 0,
    isHungry: false,
    pushes: [],
    pushedAt: 0,
  }
}
